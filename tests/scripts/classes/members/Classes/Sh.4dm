property items := ["something"]
property o := {a: {b: 1}}
shared Class constructor($first : Text)
	This.first:=$first
shared Function setFirst($v : Text)
	This.first:=$v
Function badSet($v : Text)
	This.first:=$v
shared Function get first2() : Text
	return This.first+"2"
shared Function set first2($v : Text)
	This.first:=$v

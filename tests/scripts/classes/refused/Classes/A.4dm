Class constructor($x : Integer)
	This.x:=$x
Function f() : Text
	return "A.f"
Function get p() : Integer
	return This.x*2
Function set p($v : Integer)
	This.x:=$v

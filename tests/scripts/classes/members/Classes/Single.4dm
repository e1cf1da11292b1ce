singleton Class constructor($x : Integer)
	This.x:=$x
	This.n:=Count parameters

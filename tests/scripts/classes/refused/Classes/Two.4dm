Class constructor
	This.a:=1
Class constructor($b)
	This.b:=1

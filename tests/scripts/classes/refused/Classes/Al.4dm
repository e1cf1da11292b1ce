Class constructor
	This.a:=1
Alias b a

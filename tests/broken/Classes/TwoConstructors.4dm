Class constructor()
	This.a:=1

Class constructor($b : Text)
	This.b:=$b

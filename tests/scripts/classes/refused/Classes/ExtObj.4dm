Class extends 4D.Object
Class constructor
	Super()
	This.k:=1

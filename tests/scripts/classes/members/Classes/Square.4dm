Class extends Polygon
property tag2 : Text:="square"
Class constructor($side : Integer)
	Super($side; $side)
	This.name:="Square"
Function getArea() : Integer
	return Super.getArea()+1000
Function who() : Text
	return "Square of "+Super.who()

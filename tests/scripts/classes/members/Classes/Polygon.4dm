property name : Text
property tag : Text:="poly"
property list : Collection:=[1; 2]
property when:=!1988-09-29!
Class constructor($width : Integer; $height : Integer)
	This.width:=$width
	This.height:=$height
Function getArea()->$area : Integer
	$area:=This.height*This.width
Function get perimeter() : Integer
	return 2*(This.width+This.height)
Function set perimeter($p : Integer)
	This.width:=$p/4
	This.height:=$p/4
Function get half() : Integer
	return This.width\2
Function set writeOnly($v : Variant)
	This.stored:=$v
Function describe($a; $b) : Text
	return Current method name+"/"+String(Count parameters)
Function who() : Text
	return "Polygon"

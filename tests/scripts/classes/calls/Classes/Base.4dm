property name : Text
property hits; level : Integer

Class constructor($name : Text)
	
	This.name:=$name
	This.hits:=0
	This.level:=1
	
	// a computed property whose functions call others
Function get double() : Integer
	
	return This.twice(This.level)
	
Function set double($value : Integer)
	
	If ($value<0)
		throw({errCode: 7; message: "negative"})
	End if 
	
	This.level:=$value\2
	
Function get fixed() : Integer
	
	return 42
	
Function twice($n : Integer) : Integer
	
	return $n*2
	
Function hit() : cs.Base
	
	This.hits:=This.hits+1
	return This
	
Function meet($other : cs.Base) : Text
	
	return This.name+" meets "+$other.name
	
Function deep($n : Integer) : Integer
	
	return This.deep($n+1)
	
Function get endless() : Integer
	
	return This.endless

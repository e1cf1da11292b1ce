property name : Text

Class constructor($name : Text)
	This.name:=$name
	
Function area()->$area : Real
	$area:=0
	
Function describe()->$text : Text
	$text:=This.name+": "+String(This.area(); "###0.00")

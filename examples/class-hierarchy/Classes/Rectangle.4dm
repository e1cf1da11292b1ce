property width; height : Real

Class extends Shape

Class constructor($width : Real; $height : Real)
	Super("rectangle")
	This.width:=$width
	This.height:=$height
	
Function area()->$area : Real
	$area:=This.width*This.height
	
Function describe()->$text : Text
	$text:=Super.describe()+" ("+String(This.width)+" x "+String(This.height)+")"

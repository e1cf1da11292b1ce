Class extends Base

Class constructor($name : Text)
	
	Super("F."+$name)
	This.ownF:=True
	
Function twice($n : Integer) : Integer
	
	return Super.twice($n)+1

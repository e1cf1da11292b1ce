Class extends Base

Class constructor($name : Text)
	
	Super("B."+$name)
	This.ownB:=True
	
Function twice($n : Integer) : Integer
	
	return Super.twice($n)+1

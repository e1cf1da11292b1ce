Class extends Base

Class constructor($name : Text)
	
	Super("D."+$name)
	This.ownD:=True
	
Function twice($n : Integer) : Integer
	
	return Super.twice($n)+1

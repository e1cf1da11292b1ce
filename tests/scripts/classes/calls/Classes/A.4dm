Class extends Base

Class constructor($name : Text)
	
	Super("A."+$name)
	This.ownA:=True
	
Function twice($n : Integer) : Integer
	
	return Super.twice($n)+1

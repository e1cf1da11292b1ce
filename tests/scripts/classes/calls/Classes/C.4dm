Class extends Base

Class constructor($name : Text)
	
	Super("C."+$name)
	This.ownC:=True
	
Function twice($n : Integer) : Integer
	
	return Super.twice($n)+1

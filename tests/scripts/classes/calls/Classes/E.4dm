Class extends Base

Class constructor($name : Text)
	
	Super("E."+$name)
	This.ownE:=True
	
Function twice($n : Integer) : Integer
	
	return Super.twice($n)+1

Class extends Base

Class constructor()
	
	var $i : Integer
	
	$i:=1

$a:=1
Function add($a : Integer)
	return $a

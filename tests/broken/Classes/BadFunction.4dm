Function add($a : Integer; $b : Integer
	return $a+$b

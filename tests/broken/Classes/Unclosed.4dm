Function f($a : Integer) : Integer
	If ($a=1)
		return 1

Function g()
	return 2

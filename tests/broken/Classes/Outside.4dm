$a:=1
Function f()
	return 1

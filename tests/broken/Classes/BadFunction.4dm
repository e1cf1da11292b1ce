Function 1+2
	return 1

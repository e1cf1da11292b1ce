property same : Text
Function same() : Text
	return "x"

For ($i; 1)
	ALERT("x")
End for

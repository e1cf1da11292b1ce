If ($a)
	For ($i; 1; 10)
		ALERT("x")
End if
ALERT("done")

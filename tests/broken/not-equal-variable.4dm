If ($a <>$b)
	ALERT("x")
End if

If $a=1
	ALERT("x")
End if

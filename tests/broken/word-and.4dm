If (($a=1) and ($b=2))
	ALERT("x")
End if

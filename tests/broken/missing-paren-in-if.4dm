If (($a=1) & ($b=2)
	ALERT("x")
End if

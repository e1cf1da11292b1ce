If ($a=1)
	ALERT("1")
ElseIf ($a=2)
	ALERT("2")
End if

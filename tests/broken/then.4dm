If ($a=1) Then
	ALERT("x")
End if

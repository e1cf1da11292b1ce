If ($a=1)
	If ($b=2)
		ALERT("both")
Else
	ALERT("not one")
End if

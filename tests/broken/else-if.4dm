If ($a=1)
	ALERT("1")
Else if ($a=2)
	ALERT("2")
Else
	ALERT("3")
End if

If ($a)
	ALERT("a")
Else
	ALERT("b")
Else
	ALERT("c")
End if

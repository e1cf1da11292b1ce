If ($a)
	ALERT("a")
Catch
	ALERT("b")
End if

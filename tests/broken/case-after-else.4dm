Case of
	: ($a=1)
		ALERT("1")
	Else
		ALERT("2")
	: ($a=3)
		ALERT("3")
End case

Case of
	ALERT("never")
	: ($a=1)
		ALERT("1")
End case

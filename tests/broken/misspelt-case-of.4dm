Case off
	: ($a=1)
		ALERT("x")
End case

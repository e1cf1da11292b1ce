Case of
	: ($a=1)
		ALERT("one")
	: ($a=2)
		ALERT("two")

ALERT("end")

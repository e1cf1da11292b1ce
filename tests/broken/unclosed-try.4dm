Try
	throw(1)
Catch
	ALERT("x")

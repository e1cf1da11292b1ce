// An error that a Try block defers itself does not reach its Catch
Try
	throw({errCode: 5; message: "later {what}"; what: "on"; deferred: True})
	ALERT("goes on")
Catch
	ALERT("not reached")
End try
ALERT(Last errors[0].message)

ALERT("before")
throw(12; "gone wrong")
ALERT("never")

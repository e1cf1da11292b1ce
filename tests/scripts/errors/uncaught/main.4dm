// Errors thrown deferred are reported together when the method ends
ALERT("before")
twice()
ALERT("never")

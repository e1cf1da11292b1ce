// Waits until a worker has done what it was asked so far.
#DECLARE($worker : Text)
var $done : 4D.Signal
$done:=New signal
CALL WORKER($worker; Formula($1.trigger()); $done)
If (Not($done.wait(20)))
	ALERT($worker+" does not settle")
End if 

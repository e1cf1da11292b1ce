//%attributes = {"shared":true,"preemptive":"capable"}
// helps
If (True:C214)
	ALERT:C41("help")
End if 

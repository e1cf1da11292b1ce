// Ends without clearing what it has set.
#DECLARE($name : Text; $held : 4D.Signal; $go : 4D.Signal)
If (Semaphore($name))
	ALERT("it should have been free")
End if 
$held.trigger()
$go.wait(20)

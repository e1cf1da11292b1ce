//%attributes = {"preemptive":"capable"}
// Adds one to a counter and to this process's part of it. Sometimes slowly, so that aborts come in
// between, which the exit formula mends while the lock is still held; sometimes with an error after it.
#DECLARE($state : Object; $slot : Integer; $tally : Object; $kind : Integer)

var $key : Text
var $i : Integer

$key:="p"+String($slot)
If ($kind=0)
	ON ERR CALL("onError")
	Use ($state)
		addTo($state; $key; False)
		throw(1; "inside Use")
	End use
	ON ERR CALL("")
	$tally.errors+=1
	return
End if
Try
	Use ($state)
		addTo($state; $key; $kind=1)
		Case of
			: ($kind=2)
				throw(2; "inside Use")
			: ($kind=3)
				return
		End case
	End use
Catch
	$tally.errors+=1
End try

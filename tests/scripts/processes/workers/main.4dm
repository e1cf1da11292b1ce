// Messages to workers: startup methods, numbers, formulas that carry values, failures, the end.
var $done : 4D.Signal
var $log : Collection
var $text : Text

$log:=New shared collection
CALL WORKER("desk"; "note"; $log; "first")
CALL WORKER("desk"; ""; $log; "again by the startup method")
$text:="carried along"
CALL WORKER("desk"; Formula($1.push($text)); $log)
$text:="changed later"
$done:=New signal
CALL WORKER("desk"; Formula($1.trigger()); $done)
$done.wait(20)
ALERT($log.join(", "))

CALL WORKER(Process number("desk"); "note"; $log; "by number")
CALL WORKER(4711; "note"; $log; "nobody")
settle("desk")
CALL WORKER("Desk"; "note"; $log; "another desk: case counts")
settle("Desk")
ALERT($log.slice(3).join(", "))

// a message that is waiting when the worker is killed is forgotten
$done:=New signal
CALL WORKER("desk"; Formula($1.wait(20)); $done)
CALL WORKER("desk"; "note"; $log; "forgotten")
KILL WORKER("desk")
CALL WORKER("desk"; "note"; $log; "the next desk")
$done.trigger()
settle("desk")
ALERT($log.slice(5).join(", "))

Try
	CALL WORKER("desk"; "thereIsNoSuchMethod")
Catch
	ALERT("no such method")
End try
KILL WORKER("desk")
KILL WORKER("Desk")
CALL WORKER(1; "note"; $log; "in the main process")
CALL WORKER(1; Formula(ALERT("after its method: "+$1.slice(6).join(", "))); $log)
ALERT("the main method ends")

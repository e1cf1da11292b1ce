// A process reads and writes the variables of another while that one waits and while it computes.
var vCount; $seen : Integer
var $ready; $go : 4D.Signal
var $process : Integer

vCount:=1
$ready:=New signal
$go:=New signal
$process:=New process("countOn"; 0; "counter"; $ready; $go)
$ready.wait(20)
GET PROCESS VARIABLE($process; vCount; $seen)
ALERT("there "+String($seen)+", here "+String(vCount))
SET PROCESS VARIABLE($process; vCount; 0)
$go.trigger()
Repeat 
	GET PROCESS VARIABLE($process; vCount; $seen)
Until ($seen=7)
SET PROCESS VARIABLE($process; vStop; True)
Try
	SET PROCESS VARIABLE(4711; vCount; 1)
Catch
	ALERT("no such process")
End try
ALERT("here "+String(vCount))

// What Process state says of a process on its way.
var $go; $done : 4D.Signal
var $process : Integer

$go:=New signal
$done:=New signal
$process:=New process("waitThenSleep"; 0; "sleeper"; $go; $done)
untilState($process; Waiting for internal flag)
ALERT("waits for the signal")
$go.trigger()
untilState($process; Delayed)
ALERT("is delayed")
DELAY PROCESS($process; 0)
ALERT(Choose($done.wait(20); "woken by a delay of 0"; "timeout"))
untilState($process; Does not exist)
ALERT("is gone")
ALERT(Choose(Process info($process)=Null; "no information"; "information"))
DELAY PROCESS($process; 10)
PAUSE PROCESS($process)
RESUME PROCESS($process)
ALERT("what is gone takes no orders")

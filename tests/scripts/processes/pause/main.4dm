// Pausing, delaying and going on; the main process cannot be paused.
var $n; $before : Integer
var $counter : Object

$counter:=New shared object("n"; 0; "stop"; False)
$n:=New process("count"; 0; "counting"; $counter)
While ($counter.n<3)
	DELAY PROCESS(Current process; 1)
End while
PAUSE PROCESS($n)
ALERT(String(Process state($n)=Paused))
DELAY PROCESS(Current process; 3)
$before:=$counter.n
DELAY PROCESS(Current process; 3)
ALERT(String($counter.n=$before))
RESUME PROCESS($n)
While ($counter.n=$before)
	DELAY PROCESS(Current process; 1)
End while
ALERT("goes on")
DELAY PROCESS($n; 100000)
ALERT(String(Process state($n)=Delayed))
DELAY PROCESS($n; 0)
$before:=$counter.n
While ($counter.n=$before)
	DELAY PROCESS(Current process; 1)
End while
ALERT("goes on again")
Use ($counter)
	$counter.stop:=True
End use
PAUSE PROCESS(Current process)
PAUSE PROCESS(12345)
RESUME PROCESS(12345)
DELAY PROCESS(12345; 1)
ALERT(String(Process state(12345)=Does not exist))
// a name that is unique
ALERT(String(New process("count"; 0; "unique"; $counter; *)#0))

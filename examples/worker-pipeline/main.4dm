// Lines go through three workers, one after the other: one trims, one counts words, one writes it down.
// Each does its work in a process of its own while the others do theirs.
var $done : 4D.Signal
var $line : Text

$done:=New signal("pipeline")
Use ($done)
	$done.results:=New shared collection
End use 

For each ($line; ["  the quick brown fox "; "jumps  over"; ""; " the lazy dog   "; "and rests"])
	CALL WORKER("trimmer"; "trimLine"; $line; $done)
End for each 
CALL WORKER("trimmer"; "trimLine"; Null; $done)

If ($done.wait(10))
	ALERT($done.results.join("\n"))
End if 

var $worker : Text
For each ($worker; ["trimmer"; "counter"; "writer"])
	KILL WORKER($worker)
End for each 

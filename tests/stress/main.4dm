// Keeps many processes at work over all sessions, aborts some of them and starts others in their place,
// and adds up at the end. Parameters: seconds, number of processes. Prints `exact` and what was done.
#DECLARE($seconds : Text; $processes : Text)

var $control; $session; $storage; $state : Object
var $ids; $alive : Collection
var $i; $slot; $end; $wanted; $aborted; $total; $sum; $marks : Integer

$wanted:=Num($processes)
$ids:=Process activity(Sessions only).sessions.extract("ID")
For each ($session; $ids.map(Formula(New object("id"; $1.value))))
	$storage:=Session storage by ID($session.id)
	Use ($storage)
		$storage.state:=New shared object("value"; 0; "marks"; New shared object; "balance"; 0; "pending"; False)
		$storage.fresh:=New shared object("n"; 0; "m"; 0)
		$storage.boxes:=New shared collection
	End use
End for each

$control:=New shared object("stop"; False; "errors"; 0; "deadlocks"; 0; "torn"; 0; "merges"; 0; "reads"; 0; "operations"; 0)
Use (Storage)
	Storage.control:=$control
	Storage.ids:=$ids.copy(ck shared)
End use

$end:=Milliseconds+(Num($seconds)*1000)
$alive:=[]
For ($slot; 0; $wanted-1)
	$alive.push(New process("work"; 0; "worker "+String($slot); $slot; $slot))
End for

$i:=0
While (Milliseconds<$end)
	$slot:=Random%$wanted
	ABORT PROCESS BY ID($alive[$slot])
	$aborted+=1
	$i+=1
	DELAY PROCESS(Current process; 1)
	// who has ended is followed by another
	For ($slot; 0; $wanted-1)
		If (Process info($alive[$slot])=Null)
			$alive[$slot]:=New process("work"; 0; "worker "+String($slot); $slot; ($i*1000)+$slot)
		End if
	End for
End while

Use ($control)
	$control.stop:=True
End use
While (Count user processes>1)
	DELAY PROCESS(Current process; 1)
End while

var $key : Text
For each ($session; $ids.map(Formula(New object("id"; $1.value))))
	$state:=Session storage by ID($session.id).state
	$marks:=0
	For each ($key; $state.marks)
		$marks+=$state.marks[$key]
	End for each
	If ($marks#$state.value)
		ALERT("value "+String($state.value)+", marks "+String($marks))
	End if
	If ($state.pending)
		ALERT("left pending")
	End if
	$total+=$state.value
	$sum+=$state.balance
End for each
If ($sum#0)
	ALERT("balance "+String($sum))
End if
If ($control.torn#0)
	ALERT("torn "+String($control.torn))
End if
ALERT("exact")
ALERT("time "+JSON Stringify(New object("increments"; $total; "aborted"; $aborted; "operations"; $control.operations; "errors"; $control.errors; "deadlocks"; $control.deadlocks; "merges"; $control.merges; "reads"; $control.reads; "processes"; $i)))

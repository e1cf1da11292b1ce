//%attributes = {"preemptive":"capable"}
// One process: random operations on the storages of random sessions until told to stop.
#DECLARE($slot : Integer; $seed : Integer)

var $x; $turn; $kind : Integer
var $first; $second : Object
var $tally : Object

$tally:=New object("errors"; 0; "deadlocks"; 0; "torn"; 0; "merges"; 0; "reads"; 0; "operations"; 0)
$x:=(($seed*17)+7919)%1000003
While (Not(Storage.control.stop))
	For ($turn; 1; 50)
		If (Storage.control.stop)
			break
		End if
		$x:=(($x*1103)+12345)%1000003
		$kind:=$x%20
		$first:=Session storage by ID(Storage.ids[($x\20)%Storage.ids.length])
		$second:=Session storage by ID(Storage.ids[($x\1000)%Storage.ids.length])
		$tally.operations+=1
		Case of
			: ($kind<8)
				increment($first.state; $slot; $tally; $kind)
			: ($kind<12)
				transfer($first.state; $second.state; $tally)
			: ($kind<15)
				merge($first; $tally; $x)
			Else
				look($first; $tally)
		End case
	End for
	Use (Storage.control)
		Storage.control.errors+=$tally.errors
		Storage.control.deadlocks+=$tally.deadlocks
		Storage.control.torn+=$tally.torn
		Storage.control.merges+=$tally.merges
		Storage.control.reads+=$tally.reads
		Storage.control.operations+=$tally.operations
	End use
	$tally:=New object("errors"; 0; "deadlocks"; 0; "torn"; 0; "merges"; 0; "reads"; 0; "operations"; 0)
	IDLE
End while

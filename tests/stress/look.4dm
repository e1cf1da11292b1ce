//%attributes = {"preemptive":"capable"}
// Reads without Use.
#DECLARE($storage : Object; $tally : Object)

var $box : Object
var $before : Integer

$before:=$storage.state.value
For each ($box; $storage.boxes.copy())
	If ($box.n<1)
		$tally.torn+=1
	End if
End for each
// one that is in a Use may be taken back
If ($storage.state.value<($before-1000))
	$tally.torn+=1
End if
$tally.reads+=1

//%attributes = {"preemptive":"capable"}
// Puts the session's fresh object, which others are using, into its boxes, and another in its place.
#DECLARE($storage : Object; $tally : Object; $x : Integer)

var $fresh : Object

$fresh:=$storage.fresh
Try
	Use ($fresh)
		$fresh.n:=$fresh.n+1
		$fresh.m:=$fresh.m+1
		If ($fresh.n#$fresh.m)
			$tally.torn+=1
		End if
	End use
	If (($x%3)=0)
		Use ($storage.boxes)
			$storage.boxes.push($fresh)
			If ($storage.boxes.length>10)
				$storage.boxes.remove(0; 5)
			End if
		End use
		Use ($storage)
			$storage.fresh:=New shared object("n"; 0; "m"; 0)
		End use
		$tally.merges+=1
	End if
Catch
	$tally.deadlocks+=1
End try

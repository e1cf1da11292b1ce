//%attributes = {"preemptive":"capable"}
// Moves one from a balance to another, with the locks taken in an order that leads to deadlocks.
#DECLARE($from : Object; $to : Object; $tally : Object)

Try
	Use ($from)
		Use ($to)
			$from.balance:=$from.balance-1
			$to.balance:=$to.balance+1
		End use
	End use
Catch
	$tally.deadlocks+=1
End try

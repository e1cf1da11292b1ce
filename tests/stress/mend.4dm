//%attributes = {"preemptive":"capable"}
// Takes back what an aborted process has done by half.
#DECLARE($state : Object)

If ($state.pending)
	$state.value:=$state.value-1
	$state.pending:=False
End if

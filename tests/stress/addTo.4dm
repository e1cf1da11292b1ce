//%attributes = {"preemptive":"capable"}
// The caller is in a Use of the state.
#DECLARE($state : Object; $key : Text; $slowly : Boolean)

var $i : Integer

defer(mend($state))
If ($state.pending)
	Use (Storage.control)
		Storage.control.torn+=1
	End use
End if
$state.pending:=True
$state.value:=$state.value+1
If ($slowly)
	For ($i; 1; 10)
		IDLE
	End for
End if
If ($state.marks[$key]=Null)
	$state.marks[$key]:=0
End if
$state.marks[$key]:=$state.marks[$key]+1
$state.pending:=False

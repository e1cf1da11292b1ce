// Waits until a process is in a state, for twenty seconds.
#DECLARE($process : Integer; $state : Integer)
var $turns : Integer

While (Not((Process state($process)=$state) | (($state=Does not exist) & (Process info($process)=Null))) & ($turns<2000))
	DELAY PROCESS(Current process; 0.6)
	$turns:=$turns+1
End while 
If ($turns>=2000)
	ALERT("state "+String(Process state($process))+" instead of "+String($state))
End if 

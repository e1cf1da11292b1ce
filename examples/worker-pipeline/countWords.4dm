// Second worker: counts words. `total` is a variable of the worker's process and lives from call to call.
#DECLARE($line : Variant; $done : 4D.Signal)
var total : Integer
var $words : Integer

If ($line=Null)
	CALL WORKER("writer"; "writeLine"; String(total)+" words"; True; $done)
Else 
	$words:=Split string($line; " "; sk ignore empty strings).length
	total+=$words
	CALL WORKER("writer"; "writeLine"; String($words)+": "+$line; False; $done)
End if 

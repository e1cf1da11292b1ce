// Third worker: collects the results where the main process can see them; the last one ends its waiting.
#DECLARE($text : Text; $last : Boolean; $done : 4D.Signal)

$done.results.push($text)
If ($last)
	$done.trigger()
End if 

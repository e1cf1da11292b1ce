#DECLARE($item : Object; $limit : Integer)
If ($item.accumulator=Null)
	$item.accumulator:=0
End if 
$item.accumulator+=$item.value
$item.stop:=($item.accumulator>=$limit)

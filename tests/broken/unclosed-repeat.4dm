Repeat
	$i:=$i+1

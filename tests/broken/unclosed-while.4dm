While ($i<10)
	$i:=$i+1

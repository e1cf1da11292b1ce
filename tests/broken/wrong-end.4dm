While ($a<10)
	$a:=$a+1
End for

While ($a<3);
	$a:=$a+1
End while

Tant que ($a<3)
	$a:=$a+1
Fin tant que

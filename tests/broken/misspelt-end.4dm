If ($a=1)
	ALERT("x")
Edn if
$b:=2

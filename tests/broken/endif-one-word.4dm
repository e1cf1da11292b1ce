If ($a=1)
	ALERT("x")
Endif
$b:=2

$a:=(1+2
$b=3
If ($c=1)
	$d:=*4
End if

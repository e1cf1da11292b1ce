If ($a)
	$b:=1
Else $b:=2
End if

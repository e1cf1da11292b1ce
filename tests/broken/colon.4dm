If ($a=1):
$b:=1
End if

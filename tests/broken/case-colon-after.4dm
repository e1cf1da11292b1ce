Case of
($a=1):
$b:=1
End case

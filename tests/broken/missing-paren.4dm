ALERT(String(1)
$b:=2

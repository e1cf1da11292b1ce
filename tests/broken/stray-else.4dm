$a:=1
Else
$b:=2

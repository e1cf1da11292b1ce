switch ($a)
case 1:
$b:=1
End case

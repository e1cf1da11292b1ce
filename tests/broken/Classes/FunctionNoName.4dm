Function ($a : Text)
$b:=1

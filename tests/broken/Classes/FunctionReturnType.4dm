Function add($a : Integer) -> Integer
$b:=1

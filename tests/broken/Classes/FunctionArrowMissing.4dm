Function add($a : Integer) $r : Integer
$b:=1

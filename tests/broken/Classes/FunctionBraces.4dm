Function add($a : Integer) {
$b:=1
}

If ($a) {
$b:=1
} else {
$b:=2
}

If ($a) {
	If ($b) {
		$c:=1
	}
}
Else {
	$c:=2
}
While ($a) {
}

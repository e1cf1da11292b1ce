var $a : Integer
$a:=1
If ($a=1)
	ALERT("one")

For ($a; 1; 3)
	ALERT(String($a))
End for

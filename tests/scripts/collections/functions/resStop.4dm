#DECLARE ($o : Object; $p : Variant)
$o.result:=$o.value>2
If ($o.value=4)
	$o.stop:=True
End if

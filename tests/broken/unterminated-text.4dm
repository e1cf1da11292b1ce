ALERT("hello)
$a:=1

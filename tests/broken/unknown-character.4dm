ALERT('hello')
$b:=2

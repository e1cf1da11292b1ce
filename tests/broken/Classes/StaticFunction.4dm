static Function f()
$a:=1

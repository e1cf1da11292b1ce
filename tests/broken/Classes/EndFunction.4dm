Function f()
$a:=1
End function

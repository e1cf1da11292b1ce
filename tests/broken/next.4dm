For ($i; 1; 10)
$a:=1
Next

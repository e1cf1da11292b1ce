#DECLARE($own : Pointer; $shared : Pointer)
$own->:=6
ALERT(String(vNumber))
$shared->:=8

#DECLARE($item : Object)
$item.result:=($item.value<3) | ($item.value=4)
$item.stop:=($item.value=4)

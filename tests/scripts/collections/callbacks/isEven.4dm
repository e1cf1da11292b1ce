#DECLARE($item : Object)
$item.result:=(($item.value%2)=0)

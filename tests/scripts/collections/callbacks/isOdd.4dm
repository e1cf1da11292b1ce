#DECLARE($item : Object) : Boolean
return (($item.value%2)=1)

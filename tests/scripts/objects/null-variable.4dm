// A declared object variable that holds no object has undefined properties; a null property has none at all
var $o : Object
var $n : Integer
$n:=10
$n:=$o.a
ALERT(String($n))
$o:=[].pop()
ALERT(String($o.a.b=Null))
ALERT(String($o["a"]=Null))
ALERT(String(This.a=Null))
$o:={a: Null}
Try
	$n:=$o.a.b
	ALERT("read")
Catch
	ALERT("an error")
End try

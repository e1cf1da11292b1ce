// Lines of code given as text share the locals of the method
var $n : Integer
var $f : 4D.Function
$n:=20
EXECUTE FORMULA("$n:=$n+1")
ALERT(String($n))
$f:=Formula from string("$1*2")
ALERT(String($f.call(Null; 21))+" "+$f.source)
Try
	$f:=Formula from string("$n*2")
Catch
	ALERT(String(Last errors[0].errCode))
End try
ALERT(Parse formula("uppercase(\"x\")"; Formula out with tokens))

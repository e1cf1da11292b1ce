// JSON texts and back: escapes, numbers, dates, repeated names, pretty form
var $o : Object
$o:=JSON Parse("{\"a\":1,\"b\":[1.5,-2e3,\"x\\ny\"],\"a\":2,\"d\":\"2024-02-29\"}")
ALERT(JSON Stringify($o))
ALERT(String(Value type($o.d)=Is date))
ALERT(JSON Stringify({k: []; l: [1]}; *))
Try
	$o:=JSON Parse("{\"a\":}")
Catch
	ALERT(Last errors[0].message)
End try

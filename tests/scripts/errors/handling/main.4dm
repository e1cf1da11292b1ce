// Errors and who gets them
var handled; globalCount; lastErr; lastLine; failed; calls : Integer
var lastMethod; lastFormula : Text
var lastErrors : Collection
var $v : Variant
var $o : Object
var $i : Integer
var $t : Text
t("no last errors"; Last errors)
t("throw code"; Try(failing(1)))
t("le"; Last errors)
t("failed"; failed)
Try
	throw({errCode: 1})
Catch
	t("t1"; Last errors[0].message; "'Error code: 1 (host)'")
End try
Try
	throw(12)
Catch
	t("t12"; Last errors[0].message; "'Error code 12: (host)'")
End try
Try
	throw({message: "something broke"})
Catch
	t("t-1"; Last errors[0]; "{\"errCode\":-1,\"message\":\"something broke\",\"componentSignature\":\"host\"}")
	t("Error"; Error; "-1")
End try
Try
	throw({componentSignature: "xbox"; errCode: 600; name: "notes"; path: "here"; message: "File {name} not found ({path})"})
Catch
	t("xbox"; Last errors[0]; "{\"errCode\":600,\"message\":\"File notes not found (here)\",\"componentSignature\":\"xbox\",\"name\":\"notes\",\"path\":\"here\"}")
End try
// deferred directly in Try: continues and Catch is not executed
$t:=""
Try
	throw({errCode: 5; message: "d"; deferred: True})
	$t:=$t+"A"
Catch
	$t:=$t+"C"
End try
t("deferred direct"; $t)
$t:=""
failed:=0
Try
	$i:=deferring
	$t:=$t+"A"
Catch
	$t:=$t+"C"+String(Last errors.length)+Last errors.extract("message").join(",")
End try
t("deferred in method"; $t)
t("deferred continued"; failed)
$v:=Try(deferring)
t("try deferred"; $v)
// handler
ON ERR CALL("handler")
t("mcoe"; Method called on error)
failing(2)
t("handled"; handled)
t("lastErr"; lastErr)
t("lastMethod"; lastMethod)
t("lastLine"; lastLine)
t("lastFormula"; lastFormula)
t("continued"; failed)
t("Error after"; Error)
handled:=0
$i:=deferring
t("handled deferred"; handled)
t("le deferred"; lastErrors.extract("errCode"))
$i:=10
$i:=$o.a.b+Length(12)
handled:=0
failed:=0
rethrower
t("rethrow handled"; handled)
t("rethrow"; failed)
t("Try ignores handler"; Try(failing(3)))
t("handled still"; handled)
ON ERR CALL("")
t("mcoe2"; Method called on error)
ON ERR CALL("globalHandler"; ek global)
t("mcoe g"; Method called on error(ek global))
t("mcoe l"; Method called on error)
failing(4)
t("global"; globalCount)
ON ERR CALL("handler"; ek local)
failing(4)
t("global not called"; globalCount)
ON ERR CALL("")
ON ERR CALL("compHandler"; ek errors from components)
t("mcoe c"; Method called on error(ek errors from components))
// other process
var $sig : 4D.Signal
$sig:=New signal
CALL WORKER("w"; "proc"; $sig)
t("sig"; $sig.wait(5))
t("global in worker"; $sig.done)
ON ERR CALL(""; ek global)
// assert
calls:=0
t("assert"; Try(ASSERT(asserting)))
t("assert msg"; Last errors[0])
t("assert msg2"; Try(ASSERT(False; "my text")))
t("assert msg3"; Last errors[0].message)
SET ASSERT ENABLED(False; *)
t("enabled"; Get assert enabled)
calls:=0
ASSERT(asserting)
t("not evaluated"; calls)
t("asserted"; Asserted(asserting))
t("evaluated"; calls)
SET ASSERT ENABLED(True; *)
// GET LAST ERROR STACK
ON ERR CALL("empty_handler")
throw(31; "thirty one")
ARRAY LONGINT($codes; 0)
ARRAY TEXT($comps; 0)
ARRAY TEXT($texts; 0)
GET LAST ERROR STACK($codes; $comps; $texts)
t("stack"; [Size of array($codes); $codes{1}; $comps{1}; $texts{1}])
ON ERR CALL("")
// errors of operations
var $errs : Collection
$errs:=[]
Try
	$o.x:=1
Catch
	$errs.push(Last errors[0])
End try
Try
	$v:="a"*"b"
Catch
	$errs.push(Last errors[0])
End try
Try
	$v:=New object("a"; 1)+1
Catch
	$errs.push(Last errors[0])
End try
Try
	$v:=JSON Parse("{")
Catch
	$errs.push(Last errors[0])
End try
Try
	$v:=Null>1
Catch
	$errs.push(Last errors[0])
End try
Try
	$v:=Substring(1; 2)
Catch
	$errs.push(Last errors[0])
End try
Try
	$v:=[1;2][5].a
Catch
	$errs.push(Last errors[0])
End try
Try
	ARRAY LONGINT($codes; 2)
	$v:=$codes{7}
Catch
	$errs.push(Last errors[0])
End try
Try
	$v:=1/0
	ALERT("1/0="+String($v))
	$v:=1\0
	ALERT("1\\0="+String($v))
	$v:=1%0
	ALERT("1%0="+String($v))
Catch
	$errs.push(Last errors[0])
End try
Try
	EXECUTE METHOD("nonexistent")
Catch
	$errs.push(Last errors[0])
End try
Try
	$v:=nonexistent2(1)
Catch
	$errs.push(Last errors[0])
End try
Try
	$t:=$o
Catch
	$errs.push(Last errors[0])
End try
var $nilp : Pointer
Try
	$v:=$nilp->
Catch
	$errs.push(Last errors[0])
End try
For each ($o; $errs)
	ALERT(JSON Stringify($o))
End for each
ALERT(JSON Stringify(Call chain))
ON ERR CALL("abortHandler")
failing(9)
ALERT("not reached")

// Two processes that take two objects in different orders: one gets an error that tells both chains.
var $a; $b : Object
var $ready1; $ready2; $done : 4D.Signal

$a:=New shared object("n"; 0)
$b:=New shared object("n"; 0)
$ready1:=New signal
$ready2:=New signal
$done:=New signal
Use (Storage)
	Storage.errors:=New shared collection
End use
New process("take"; 0; "first"; $a; $b; $ready1; $ready2; $done)
take($b; $a; $ready2; $ready1; New signal)
$done.wait()
ALERT(String($a.n)+" "+String($b.n))
ALERT(String(Storage.errors.length))
ALERT(String(Position("\"first\" in take"; Storage.errors[0])>0))
ALERT(String(Position("\"Main process\" in take"; Storage.errors[0])>0))

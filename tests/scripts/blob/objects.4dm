// A BLOB in an object or collection is a 4D.Blob, and becomes a BLOB again in a variable
var $b : Blob
var $x : 4D.Blob
var $o : Object
var $c : Collection
TEXT TO BLOB("viola"; $b; UTF8 text without length)
$o:={a: $b}
$o.b:=$b
$o.b:=$b
OB SET($o; "c"; $b)
$c:=[$b].push($b)
$c[1]:=$b
ALERT(JSON Stringify([Value type($o.a); Value type($o.b); Value type($o.c); Value type($c[0]); Value type($c[1])]))
ALERT(JSON Stringify([$o.b[0]; $c[1].size; OB Instance of($o.a; 4D.Blob)]))
$b:=$o.b
ALERT(String(Value type($b))+" "+String($b{4}))
$x:=$b
ALERT(Convert to text($x.slice(-3); "UTF-8")+Convert to text($x.slice(1; -3); "UTF-8")+String($x.slice(9).size))
ALERT(String(New shared object("b"; $x).b.size))

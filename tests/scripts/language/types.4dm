// Type tells what a variable was declared as, Value type what it holds
var $object : Object
var $collection : Collection
var $pointer : Pointer
var $variant
ALERT(String(Type($object))+" "+String(Type($collection))+" "+String(Type($pointer))+" "+String(Type($variant)))
ALERT(String(Value type($object))+" "+String(Value type($collection))+" "+String(Value type($variant)))
$object:={a: 1}
$pointer:=->$object
$variant:=2
ALERT(String(Type($object))+" "+String(Type($pointer))+" "+String(Type($variant))+" "+String(Value type($variant)))

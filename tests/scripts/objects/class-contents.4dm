// A class is a shared object: it is changed under Use, and its `new` can be replaced
var $class : Object
$class:=4D.File
Try
	$class.note:="outside"
	ALERT("set")
Catch
	ALERT("Use is missing")
End try
Use ($class)
	$class.note:="inside"
	$class.settings:=New shared object("a"; 1)
End use
ALERT(4D.File.note+" "+String(4D.File.settings.a)+" "+4D.File.name)
Use ($class)
	$class.make:=Formula(This.note+"!")
End use
ALERT($class.make())

// Inheritance of computed properties; classes that cannot be
var $name : Text
var $o : Object
$o:=cs.B.new(5)
ALERT(JSON Stringify([$o.x; $o.p; $o.f()]))
$o.p:=9
ALERT(JSON Stringify([$o.x; $o.p]))
$o:=cs.Typed.new()
$o.n:="any"
ALERT(JSON Stringify($o))
For each ($name; ["Self"; "C1"; "Ext4D"; "ExtObj"; "Two"; "Same"; "Al"])
	Try
		ALERT($name+" "+JSON Stringify(cs[$name].new()))
	Catch
		ALERT($name+": "+Last errors[0].message)
	End try
End for each 

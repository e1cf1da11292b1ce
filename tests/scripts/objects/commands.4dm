// Objects by commands: made where there is none, converted, listed
var $o : Object
OB SET($o; "t"; ?00:01:00?; "n"; 7)
OB SET NULL($o; "z")
ALERT(JSON Stringify($o)+" "+OB Get($o; "n"; Is text))
ALERT(JSON Stringify(OB Entries($o)))
ALERT(OB Class($o).name+" "+String(OB Is defined($o; "z")))

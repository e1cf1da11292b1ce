//%attributes = {"invisible":true}
// What there is to know of the program's own methods and classes
#DECLARE
ARRAY TEXT($names; 0)
ARRAY TEXT($paths; 0)
ARRAY TEXT($codes; 0)
var $code; $path; $name; $object : Text
var $attributes : Object
var $kind : Integer
var $table : Pointer
var $stamp : Real
var $date : Date
var $time : Time
METHOD GET NAMES($names)
ALERT(String(Size of array($names))+" "+$names{1}+" "+$names{2})
METHOD GET NAMES($names; "hel@")
ALERT(String(Size of array($names))+" "+$names{1})
METHOD GET PATHS(Path all objects; $paths)
ALERT(String(Size of array($paths))+" "+$paths{1}+" "+$paths{Size of array($paths)})
METHOD GET PATHS(Path class; $paths; $stamp)
ALERT($paths{1}+" "+String($stamp>0))
$stamp:=$stamp+1
METHOD GET PATHS(Path class; $paths; $stamp)
ALERT(String(Size of array($paths)))

METHOD GET CODE("helper"; $code)
ALERT(Replace string($code; "\r"; "|"))
METHOD GET CODE("helper"; $code; 1)
ALERT(Replace string($code; "\r"; "|"))
METHOD GET PATHS(Path project method; $paths)
METHOD GET CODE($paths; $codes)
ALERT(String(Size of array($codes))+" "+String($codes{1}=Replace string($code; ":C41"; "")))
Try(METHOD GET CODE("nothing"; $code))
ALERT(String(Last errors[0].errCode)+" ["+$code+"]")

ALERT(String(METHOD Get attribute("helper"; Attribute shared))+" "+String(METHOD Get attribute("helper"; Attribute invisible)))
METHOD GET ATTRIBUTES("helper"; $attributes)
ALERT(JSON Stringify($attributes))
METHOD GET MODIFICATION DATE("helper"; $date; $time)
ALERT(String($date>!2000-01-01!))
METHOD GET COMMENTS("helper"; $code)
ALERT("["+$code+"]")

ALERT(METHOD Get path(Path database method; "onStartup")+" "+METHOD Get path(Path class; "Person")+" "+METHOD Get path(Path project form; "input"; "OK"))
METHOD RESOLVE PATH("[projectForm]/input/OK"; $kind; $table; $name; $object)
ALERT(String($kind)+" "+$name+" "+$object+" "+String(Is nil pointer($table)))
METHOD RESOLVE PATH("helper"; $kind; $table; $name; $object)
ALERT(String($kind)+" "+$name)
ALERT(Current method path)
FORM GET NAMES($names)
METHOD GET FOLDERS($names)
ALERT(String(Size of array($names)))

// Times become a number of seconds where they are stored, and undefined elements become null
var $c : Collection
var $o : Object
var $t : Time
var $i : Integer
$o:={}
$t:=?01:00:05?
$c:=[$t; $o.x]
$c.push($t).insert(0; $t)
$c[4]:=$t
$c[4]:=?00:00:10?
$o:={t: $t}
$o.u:=$t
For ($i; 1; 3)
	$o.t:=?00:00:01?*$i
	$o.u:=$t
End for 
ALERT(JSON Stringify($c)+JSON Stringify($o))
ALERT(String($c.sum())+" "+String(Time($o.u)))

// Arrays and shared things in a blob; damaged content leaves the variable alone
var $b : Blob
var $o; $o2 : Object
var $n; $offset : Integer
ARRAY TEXT($names; 2)
$names{0}:="zero"
$names{2}:="two"
$names:=2
ARRAY LONGINT($grid; 2; 3)
$grid{2}{3}:=23
VARIABLE TO BLOB($names; $b)
VARIABLE TO BLOB($grid; $b; *)
$n:=5
$o:={n: 1.5; t: ?01:00:00?; d: !2024-01-31!; b: True; c: [1; "x"; Null]; p: ->$n}
VARIABLE TO BLOB($o; $b; *)
ARRAY TEXT($names2; 0)
ARRAY LONGINT($grid2; 0; 0)
$offset:=0
BLOB TO VARIABLE($b; $names2; $offset)
ALERT(String(OK)+" "+$names2{0}+" "+$names2{2}+" "+String(Size of array($names2))+" "+String($names2))
BLOB TO VARIABLE($b; $grid2; $offset)
ALERT(String(OK)+" "+String($grid2{2}{3})+" "+String(Size of array($grid2{1})))
BLOB TO VARIABLE($b; $o2; $offset)
ALERT(String($o2.n)+" "+String($o2.t)+" "+String($o2.d; ISO date)+" "+String($o2.b)+" "+String($o2.c.length)+" "+String($o2.p))
BLOB TO VARIABLE($b; $n; $offset)
ALERT(String(OK)+" "+String($n))
$b{2}:=0
BLOB TO VARIABLE($b; $n)
ALERT(String(OK)+" "+String($n))

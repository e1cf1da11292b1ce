// Shared collections: functions that change them use them, new ones are shared where documented
var $s; $t : Collection
var $o : Object
$s:=New shared collection("b"; "a")
$s.push("c"; 5).unshift(0)
$s.insert(1; "i").remove(0).resize(7; "f").fill("g"; -1)
ALERT(JSON Stringify($s))
$s.sort()
ALERT(JSON Stringify($s)+" "+String($s.pop())+" "+$s.shift())
$s.combine(["y"; "z"])
$s.sort(Formula(String($1.value)>String($1.value2)))
ALERT(JSON Stringify($s))
ALERT(JSON Stringify($s.map(Formula(String($1.value)+"!"))))
For each ($t; [$s.filter(Formula(True)); $s.orderBy(); $s.slice(1; 2); $s.reverse(); $s.orderByMethod(Formula(False)); $s.query("a=1")])
	ALERT(Choose(OB Is shared($t); "shared"; "private"))
End for each 
For each ($t; [$s.copy(); $s.map(Formula($1.value)); $s.concat(1)])
	ALERT(Choose(OB Is shared($t); "shared"; "private"))
End for each 
ALERT(JSON Stringify($s.copy(ck shared)))
ALERT(Choose(OB Is shared([1; {a: 1}].copy(ck shared)[1]); "shared"; "private"))

$o:=New shared object("n"; 1)
$s:=New shared collection($o; New shared object("n"; 2))
ALERT(JSON Stringify($s.query("n > 1"))+JSON Stringify($s.extract("n"))+String($s.sum("n")))
$t:=$s.filter(Formula($1.value.n=1))
ALERT(Choose($t[0]=$o; "same"; "another"))
$t:=[3; 4].copy(ck shared; $s)
$s.push($t)
ALERT(String($s.length))

Try
	$s.push({private: True})
Catch
	ALERT("not shared")
End try
Try
	$s[0]:=1
Catch
	ALERT("needs Use")
End try
$s.clear()
ALERT(JSON Stringify($s))

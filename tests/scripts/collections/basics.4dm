// Elements put in, taken out, moved about
var $c; $d : Collection
var $o : Object
$o:={}
$c:=New collection("a"; 1; Null; True; $o.missing)
ALERT(JSON Stringify($c))
$c.push($o.missing; [1]; {k: 2})
ALERT(JSON Stringify($c))
ALERT(String($c.at(1))+" "+$c.at(-8)+" "+Choose(Undefined($c.at(-9)); "undefined"; "defined"))
ALERT(Choose(Undefined($c.at(99)); "undefined"; "defined"))

$c:=[1; 2; 3]
ALERT(JSON Stringify($c.unshift("x"; "y")))
ALERT(JSON Stringify($c.insert(99; "end").insert(-1; "before the end").insert(-99; "begin")))
ALERT(JSON Stringify($c.remove(-2; 2)))
ALERT(JSON Stringify($c.remove(99)))
ALERT(JSON Stringify($c.remove(0; 99)))
ALERT(Choose(Undefined($c.pop()) & Undefined($c.shift()); "nothing left"; "something left"))

$c:=[1; 2]
ALERT(JSON Stringify($c.combine($c)))
ALERT(JSON Stringify($c.combine(["a"; "b"]; -1)))
ALERT(JSON Stringify($c.concat(9; [8; [7]]; "x")))
ALERT(JSON Stringify($c.slice(-3; -1))+JSON Stringify($c.slice(4; 2))+JSON Stringify($c.slice(-99; 1)))
ALERT(JSON Stringify($c.reverse()))
ALERT(JSON Stringify($c.resize(3).resize(5; "new")))
ALERT(JSON Stringify($c.resize(-5)))

// what is between the end and an assigned element is null
$c[3]:=1.5
ALERT(JSON Stringify($c))

// a collection that holds itself
$d:=[1]
$d.push($d)
Try
	$d.flat(MAXLONG)
Catch
	ALERT(Last errors[0].message)
End try
ALERT(JSON Stringify($d.flat().length))
ALERT(Choose($d.equal($d); "equal"; "different"))
ALERT(Choose($d.copy()[1][1][1][0]=1; "copied"; "lost"))

// the same elements twice are no circle
$d:=[1; 2]
ALERT(JSON Stringify([$d; [$d; $d]].flat(2)))

$c:=["b"; "a"; 3; True; Null; "A"; {k: 1}; [2]]
ALERT($c.join("|"))
ALERT(String($c.indexOf("A"))+String($c.lastIndexOf("A"))+String($c.indexOf("3"))+String($c.indexOf(True)))
ALERT(String($c.lastIndexOf("a"; -4))+" "+String($c.lastIndexOf("a"; -99))+" "+String($c.lastIndexOf("b"; 0)))
ALERT(String($c.countValues("a"))+String($c.countValues(Null))+String($c.countValues("@")))
ALERT(String(["x"; 5; 2.5; True].sum())+" "+String([4; 1].average())+" "+String([].sum()))
ALERT(Choose(Undefined([].average()) & Undefined(["x"].average()); "no mean"; "a mean"))

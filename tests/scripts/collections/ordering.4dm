// Sorting: mixed types, stability, several criteria, in step
var $c; $d; $e; $k : Collection
$c:=[!2020-02-03!; {a: 1}; [1]; "b"; 10; True; "A"; Null; 9; False; "a"; {a: 0}; "B"]
ALERT(JSON Stringify($c.orderBy().slice(0; -1)))
ALERT(JSON Stringify($c.orderBy(ck descending).slice(1)))
ALERT(JSON Stringify([0.5; -1; 3; 2.25].sort(ck descending)))
ALERT(JSON Stringify([True; False; True].sort()))
ALERT(JSON Stringify(["é"; "f"; "E"; "d"; "e b"; "e-a"; "ea"].sort()))

$c:=[{n: "b"; v: 1; t: {x: 2}}; {n: "a"; v: 2; t: {x: 1}}; {n: "B"; v: 0}; {v: 3; t: {x: 0}}; {n: "a"; v: 1; t: {x: 9}}]
ALERT($c.orderBy("n").extract("v").join(","))
ALERT($c.orderBy("n desc").extract("v").join(","))
ALERT($c.orderBy("n asc, v desc").extract("v").join(","))
ALERT($c.orderBy("t.x DESC").extract("v").join(","))
ALERT($c.orderBy([{propertyPath: "n"; descending: True}; {propertyPath: "v"}]).extract("v").join(","))
ALERT($c.orderBy("nothing").extract("v").join(","))
Try
	$c.orderBy("n upwards")
Catch
	ALERT(Last errors[0].message)
End try

ALERT($c.orderByMethod(Formula($1.value.v>$1.value2.v)).extract("v").join(","))
ALERT($c.orderByMethod(Formula(True)).extract("v").orderBy().join(","))
ALERT($c.extract("v").join(","))

$k:=[2; 1; 2; 1]
$d:=["c"; "b"; "a"; "d"]
$e:=[{i: 0}; {i: 1}; {i: 2}; {i: 3}]
$k.multiSort([{collection: $d; order: ck descending}; $e])
ALERT(JSON Stringify([$k; $d; $e.extract("i")]))
$k.multiSort(Formula($1.value>$1.value2); [{collection: $d; order: ck ascending}; $e])
ALERT(JSON Stringify([$k; $d; $e.extract("i")]))
$k.multiSort(Formula($1.value<$1.value2))
ALERT(JSON Stringify($k))
Try
	$k.multiSort([[1; 2; 3]])
Catch
	ALERT(Last errors[0].message)
End try

$c:=["b"; "B"; "a"; "é"; "e"; 2; 1; 2; Null; True; {a: 1}; "b"]
ALERT(JSON Stringify($c.distinct()))
ALERT(JSON Stringify($c.distinct(ck diacritical)))
ALERT(JSON Stringify($c.distinct(ck count values+ck diacritical)))
ALERT(JSON Stringify([{s: 1}; {s: "x"}; {s: 1}; {t: 1}; {s: Null}].distinct("s"; ck count values)))
ALERT(JSON Stringify([3; "x"; True; 1].min())+JSON Stringify([3; "x"; True; 1].max()))
ALERT(JSON Stringify([[]; 3; {a: 5}; {a: 2}].min("a"))+JSON Stringify([{a: 5}; 7; {b: 1}; {a: 2}].max("a")))

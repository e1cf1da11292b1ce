// Comparators, placeholders and mistakes of the query language
var $c; $d : Collection
var $r; $o1 : Object
var $c1 : Collection
var $t : Text
$o1:={a: 1}
$c1:=[1;2]
$c:=[{id: 1; n: "anna@home"; b: True; d: !2020-01-01!; o: $o1; k: $c1; kids: [{age: 3; s: "m"}; {age: 9; s: "f"}]}; {id: 2; n: "Bob"; b: False; x: Null; kids: []}; {id: 3; n: "Éric"; b: True; d: !1999-05-05!; deep: {a: {b: 5}}; kids: [{age: 12; s: "f"}]}; 7; Null; "s"; {id: 4; n: ""; v: 5.5; tags: ["u"; "v"]; "en/fr": "q"}]
var $qs : Collection
$qs:=["n = 'anna@home'"; "n === 'anna@home'"; "n IS 'anna@'"; "n IS NOT 'Bob'"; "n !== 'Bob'"; "n == 'a@'"; "n != 'a@'"; "n # 'a@'"; "n = eric"; "n = ''"; "b = true"; "b = false"; "b # true"; "d > 2000-01-01"; "d >= '1999-05-05'"; "v = 5.5"; "v > 5"; "v < 6"; "x = null"; "x is null"; "x # null"; "x is not null"; "d = null"; "deep.a.b = 5"; "deep.a.b >= 5 and id = 3"; "id in [1, 3]"; "n in ['bob', 'a@']"; "not(n in ['bob'])"; "id = 1 or id = 2 and b = true"; "(id = 1 or id = 2) & b = true"; "id = 1 | id = 3"; "id = 1 || id = 3"; "id > 1 && id < 4"; "NOT (id = 1)"; "not(id = 1 or id = 2)"; "kids[].age > 5"; "kids[].age > 20"; "kids[].s = f and kids[].age = 3"; "kids[a].s = f and kids[a].age = 3"; "kids.length = 2"; "kids.length > 0"; "tags[] = u"; "tags[] in ['u', 'z']"; "id >= 1 order by id desc"; "id >= 1 order by n asc, id"; "id % 2"; "n % anna"; "ID = 1"; "id=1"; "id =1 AND n=\"anna@home\""; "id = '1'"; "n = 5"; "b = 1"; "n > b"; "id <= 2"; "id <> 2"; "en/fr = q"]
For each ($t; $qs)
Try
	ALERT($t+" -> "+$c.query($t).extract("id").join(","))
Catch
	ALERT($t+" -> ERR "+Last errors[0].message)
End try
End for each
ALERT("1 "+$c.query(":1=:2"; "n"; "bob").extract("id").join(","))
ALERT("2 "+$c.query("id in :1"; [1;2]).extract("id").join(","))
ALERT("3 "+$c.query("n = :1 and id = :2"; "@o@"; 2).extract("id").join(","))
$r:={attributes: {att: "deep.a.b"; p2: ["en/fr"]}; parameters: {name: 5; q: "q"; ref: $o1; cref: $c1; ids: [1;4]}}
ALERT("4 "+$c.query(":att = :name"; $r).extract("id").join(","))
ALERT("5 "+$c.query(":p2 = :q"; $r).extract("id").join(","))
ALERT("6 "+$c.query("o = :ref"; $r).extract("id").join(","))
ALERT("7 "+$c.query("k = :cref"; $r).extract("id").join(","))
ALERT("8 "+$c.query("o # :ref"; $r).extract("id").join(","))
ALERT("9 "+$c.query("id in :ids"; $r).extract("id").join(","))
ALERT("10 "+$c.query("id = :1 or :att = :name"; 1; $r).extract("id").join(","))
ALERT("11 "+$c.query("d < :1"; !2010-01-01!).extract("id").join(","))
ALERT("12 "+$c.query("d > :1"; "2010-01-01").extract("id").join(","))
ALERT("13 "+$c.query("b = :1"; True).extract("id").join(","))
For each ($t; ["n = 'John's'"; "n ="; "n"; "(id = 1"; "id = :3"; "id = :zz"; "id in 5"; "id = 1 and"; "and id = 1"; "n = 'x"; "[id = 1"; "kids[.age = 1"; "id = 1 order by"; "id = 1)"])
Try
	ALERT($t+" => "+String($c.query($t; 1).length))
Catch
	ALERT($t+" => ERR "+Last errors[0].message)
End try
End for each
ALERT(JSON Stringify($c.indices("id > 1")))
var $s : Collection
$s:=New shared collection(New shared object("a"; 1); New shared object("a"; 2))
ALERT(String(OB Is shared($s.query("a > 1")))+String(OB Is shared($s.orderBy("a desc")))+String(OB Is shared($s.slice(0)))+String(OB Is shared($s.reverse()))+String(OB Is shared($s.filter(Formula(True))))+String(OB Is shared($s.map(Formula($1.value))))+String(OB Is shared($s.copy()))+String(OB Is shared($s.orderByMethod(Formula($1.value.a>$1.value2.a)))))

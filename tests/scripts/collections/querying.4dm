// The query language on collections
var $c; $list : Collection
var $ref : Object
var $text : Text
$ref:={z: 1}
$c:=[\
{id: 1; name: "Ann"; age: 30; born: !1990-05-01!; tags: ["x"; "y"]; r: $ref}; \
{id: 2; name: "bob"; age: Null; tags: []; pets: [{kind: "cat"; age: 3}; {kind: "dog"; age: 9}]}; \
{id: 3; name: "Cyd A. West"; tags: ["y"]; pets: [{kind: "cat"; age: 9}]; r: {z: 1}}; \
"no object"; \
{id: 4; name: "o'Hara"; age: 45; ok: True; born: !2001-01-01!; r: $list}]

ALERT($c.query("age # 30").extract("id").join(",")+" "+$c.query("not(age = 30)").extract("id").join(","))
ALERT($c.query("age = null").extract("id").join(",")+" "+$c.query("age # null").extract("id").join(","))
ALERT($c.query("age >= 30 & age < 45.5").extract("id").join(","))
ALERT($c.query("born < 2000-01-01").extract("id").join(",")+" "+$c.query("born > :1"; "1999-12-31").extract("id").join(","))
ALERT($c.query("born = :1"; !2001-01-01!).extract("id").join(","))
ALERT($c.query("name = 'b@' or name = @a or name % west").extract("id").join(","))
ALERT($c.query("name = :1"; "o'hara").extract("id").join(","))
ALERT($c.query("name = Cyd A. West and id = 3").extract("id").join(","))
ALERT($c.query("name begin an").extract("id").join(","))
ALERT($c.query("tags[] = 'y'").extract("id").join(",")+" "+$c.query("tags.length > 1").extract("id").join(","))
ALERT($c.query("tags[] # 'x'").extract("id").join(","))
ALERT($c.query("pets[].kind = cat and pets[].age = 9").extract("id").join(","))
ALERT($c.query("pets[a].kind = cat and pets[a].age = 9").extract("id").join(","))
ALERT($c.query("pets[a].kind # cat").extract("id").join(",")+" "+$c.query("pets[].kind # cat").extract("id").join(","))
ALERT($c.query("(id = 1 | id = 2 || id = 3) && not (name = bob) and ok # true").extract("id").join(","))
ALERT($c.query("id > 0 except id in [2, 3]").extract("id").join(","))
ALERT($c.query("id not in :1"; [1; 2]).extract("id").join(","))
ALERT($c.query("id > 0 order by name desc").extract("id").join(","))
ALERT($c.query("order by age desc, id desc").extract("id").join(","))
ALERT($c.query("r = :v"; {parameters: {v: $ref}}).extract("id").join(","))
ALERT($c.query(":p = :2"; "unused"; 3; {attributes: {p: ["id"]}}).extract("id").join(","))
ALERT($c.query("age = :1"; Null).extract("id").join(","))
ALERT(JSON Stringify($c.indices("id >= 3"))+" "+JSON Stringify($c.indices("id >= 3 order by id desc")))
For each ($text; [""; "id"; "id ="; "id = 1 and"; "(id = 1"; "id = 'x"; "id = :1"; "id = :who"; "eval(This.id=1)"])
	Try
		ALERT(String($c.query($text).length))
	Catch
		ALERT(Last errors[0].message)
	End try
End for each 

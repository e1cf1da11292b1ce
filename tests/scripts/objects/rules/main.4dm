// Objects, nothing and JSON, rule by rule
var $o; $ref; $ref1; $ref2; $child; $children; $r; $s : Object
var $c : Collection
var $v : Variant
var $t; $what : Text
var $i : Integer
OB SET($ref;"FirstName";"Harry")
t("obget"; OB Get($ref;"FirstName"))
OB SET($ref; "age"; 42)
t("obget long"; OB Get($ref; "age"; Is longint))
t("obget text"; OB Get($ref; "age"; Is text))
t("obget undefined"; OB Get($ref; "nope"))
t("obget undefined text"; OB Get($ref; "nope"; Is text))
t("obget undefined real"; OB Get($ref; "nope"; Is real))
t("obget bool"; OB Get({a: 1}; "a"; Is Boolean))
t("obget case"; OB Get($ref; "firstname"))
OB SET($ref; "myHour"; ?01:00:00?+1)
t("time"; $ref.myHour)
t("time2"; String(OB Get($ref; "myHour"; Is time)))
OB SET($ref; "d"; !2010-01-30!)
t("date"; String(OB Get($ref; "d"); ISO date))
t("date txt"; String(OB Get({d: "2010-01-30"}; "d"; Is date); ISO date))
t("type d"; OB Get type($ref; "d"))
t("type undefined"; OB Get type($ref; "zz"))
t("type null"; OB Get type({a: Null}; "a"))
t("type coll"; OB Get type({a: []}; "a"))
t("type real"; OB Get type({a: 1}; "a"))
t("type time"; OB Get type({a: ?00:00:01?}; "a"))
t("defined"; OB Is defined($o))
t("empty"; OB Is empty($o))
OB SET($o;"Name";"Moss")
OB REMOVE($o;"Name")
t("defined2"; OB Is defined($o))
t("empty2"; OB Is empty($o))
t("defined3"; OB Is defined({a: Null}; "a"))
OB SET NULL($o; "age")
t("setnull"; $o)
OB REMOVE($o; "nope")
$c:=[1]
$o:={c: $c; o: {k: 1}}
$r:=OB Copy($o)
$r.c.push(2)
$r.o.k:=5
t("copy"; $o)
$what:="You"
$o:={p: ->$what}
t("ptr stringify"; JSON Stringify($o))
$r:=OB Copy($o; True)
$what:="Me"
t("ptr copy"; JSON Stringify($r))
t("ptr nocopy"; JSON Stringify(OB Copy($o)))
t("sh copy"; OB Is shared(OB Copy($o; ck shared+ck resolve pointers)))
$s:=New shared object("a"; New shared collection(1;2))
t("sh->reg"; OB Is shared(OB Copy($s)))
t("sh->reg2"; OB Is shared(OB Copy($s).a))
t("err: shared regular"; Try(New shared object("a"; {})))
ALERT(JSON Stringify(Last errors))
t("keys"; OB Keys({b: 1; a: 2}))
t("values"; OB Values({b: 1; a: 2}))
t("entries"; OB Entries({b: 1}))
t("keys null"; OB Keys($child))
ARRAY TEXT($at; 3)
$at{1}:="a"
$at{2}:="b"
OB SET ARRAY($o; "arr"; $at)
t("setarr"; $o.arr)
OB SET ARRAY($o; "arr1"; $at{1})
t("setarr1"; $o.arr1)
ARRAY TEXT($an; 0)
ARRAY LONGINT($aty; 0)
OB GET PROPERTY NAMES({n: "x"; a: 7; g: True; z: Null; o: {}; c: []; d: !2001-01-01!}; $an; $aty)
For ($i; 1; Size of array($an))
	$t:=$t+$an{$i}+String($aty{$i})+" "
End for
t("names"; $t)
ARRAY LONGINT($al; 0)
OB GET ARRAY({a: [1; "2"; 3.7]}; "a"; $al)
t("getarr"; [Size of array($al); $al{1}; $al{2}; $al{3}])
// object notation
$o:={}
$o.a:=$o.zz
t("undef no add"; $o)
$o:={n: 5; t: "x"; b: True; o: {}; c: []; d: !2001-01-01!; z: Null}
$o.n:=$o.zz
$o.t:=$o.zz
$o.b:=$o.zz
$o.o:=$o.zz
$o.c:=$o.zz
$o.d:=$o.zz
$o.z:=$o.zz
t("undef assign"; $o)
t("null read"; Try($o.z.x))
t("null read err"; Last errors#Null)
t("undef read"; Undefined($o.q.r.s))
t("bracket"; {a: {b: 3}}["a"]["b"])
$o:={a: 1}
$r:=$o
t("eq"; $o=$r)
t("neq"; $o={a: 1})
t("num key"; {a: 1})
// null & undefined table
var $vv : Variant
$o:={null: Null; nullProp: Null; e: ""}
t("u=42"; $o.undefined=42)
t("u=null"; $o.undefined=$o.null)
t("u=var"; $o.undefined=$vv)
t("u#null"; $o.undefined#$o.null)
t("u#42"; $o.undefined#42)
t("u#var"; $o.undefined#$vv)
t("u>viola"; $o.undefined>"viola")
t("u>var"; Try($o.undefined>$vv))
t("u>null"; Try($o.undefined>$o.null))
t("var<42"; $vv<42)
t("u>bool"; Try($o.undefined>True))
t("null>1"; Try($o.null>1))
t("1>null"; Try(1>$o.null))
t("null=null"; $o.null=$o.nullProp)
t("null=42"; $o.null=42)
t("null=''"; $o.null="")
t("e=null"; $o.e=Null)
t("obj=null"; $ref1=Null)
t("coll=null"; $col0=Null)
t("cond"; ($o.zz) ? "y" : "n")
var $nc : Collection
t("len"; $nc.length)
t("String undef"; String($o.zz))
t("Num undef"; Num($o.zz))
t("Bool undef"; Bool($o.zz))
t("Date undef"; Date($o.zz)=!00-00-00!)
t("Time undef"; Time($o.zz)=?00:00:00?)
// collection literals with undefined
t("lit undef"; [1; $o.zz; 2])
$c:=[]
$c[2]:=5
t("grow"; $c)
t("neg idx"; Try([1;2;3][-1]))
ALERT(JSON Stringify(Last errors))
t("out idx"; Undefined([1][5]))
Try
	$c[-1]:=3
	ALERT("neg set passes")
Catch
	ALERT(JSON Stringify(Last errors))
End try
Try
	$nc[0]:=1
	ALERT("null coll set passes")
Catch
	ALERT(JSON Stringify(Last errors))
End try
Try
	$nc.push(1)
	ALERT("null coll push passes")
Catch
	ALERT(JSON Stringify(Last errors))
End try
t("min special"; [{a: 1}].min("My.special.property"))
t("min coll err"; Try([{a: 1}].min(["a"])))
ALERT(JSON Stringify(Last errors))
// circular
$o:={a: 1}
$o.self:=$o
t("circular"; Try(JSON Stringify($o)))
ALERT(JSON Stringify(Last errors))
t("circ copy"; OB Copy($o).self.self.a)
// JSON
t("js"; JSON Stringify("There"))
t("js120"; JSON Stringify(120))
t("js time"; JSON Stringify(?20:00:00?))
t("js date"; JSON Stringify(!2013-08-28!))
t("js undefined"; JSON Stringify($o.zz))
t("js null"; JSON Stringify(Null))
t("js real"; JSON Stringify(1.5))
t("js 0.1+0.2"; JSON Stringify(0.1+0.2))
t("js big"; JSON Stringify(12345678901234))
t("js 1e21"; JSON Stringify(1e21))
t("js pretty"; JSON Stringify({lastname: "Nash"; children: {age: "12"}; e: {}; c: []; d: [1; {x: 2}]}; *))
t("jp"; JSON Parse("42.17"))
t("jp long"; JSON Parse("120.13"; Is longint))
t("jp time"; String(JSON Parse("5120"; Is time)))
t("jp date"; Value type(JSON Parse("{\"b\":\"2017-10-16\"}").b))
t("jp date long"; Value type(JSON Parse("\"1990-12-25T12:00:00Z\"")))
t("jp date is"; String(JSON Parse("\"2008-01-01T12:00:00Z\""; Is date); ISO date))
t("jp text"; JSON Parse("\"Year 42\""; Is text))
t("jp coll"; JSON Parse("[\"noon\",10,false]"))
t("jp null"; JSON Parse("null"))
t("jp dup"; JSON Parse("{\"a\":1,\"a\":2}"))
t("jp empty"; Try(JSON Parse("")))
ALERT(JSON Stringify(Last errors))
t("jp sym"; JSON Parse("{\n    \"anna\": 4552,\n    \"beta\": [\n        {\n            \"echo\": 45\n        }\n    ]\n}"; Is object; *))
ARRAY TEXT($ja; 0)
JSON PARSE ARRAY("[\"a\",\"b\",3]"; $ja)
t("jpa"; [Size of array($ja); $ja{3}])
t("jsa scalar"; JSON Stringify array("x"))
t("resolve"; JSON Resolve pointers({value: 42; p: {$ref: 1}}).success)
$o:=JSON Parse("{\"value\":42,\"p\":{\"$ref\":\"#/value\"}}")
t("resolve2"; JSON Resolve pointers($o))
t("resolve out"; $o)
$o:=JSON Parse("{\"p\":{\"$ref\":\"#/nope\"}}")
ALERT(JSON Stringify(JSON Resolve pointers($o)))
// order
t("ptr order"; JSON Stringify(New collection(5; "b"; True; Null; !2020-01-01!).orderBy()))
// For each
var $p : Text
$t:=""
For each ($p; {x: 1; y: 2})
	$t:=$t+$p
End for each
t("fe"; $t)
t("blob"; JSON Stringify({b: 4D.Blob.new()}))
t("file"; JSON Stringify({f: File("/tmp/x")}))

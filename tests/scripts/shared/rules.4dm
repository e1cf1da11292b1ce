// The rules of shared objects, collections and their groups, one after the other.
var $s; $o; $ob1; $ob2; $ob3; $ob4 : Object
var $c : Collection
$s:=New shared object("prop1"; "alpha"; "x"; 1)
OB REMOVE($s; "x")
ALERT(JSON Stringify($s))
Try
	OB SET($s; "y"; 2)
Catch
	ALERT("OB SET: "+String(Last errors[0].errCode)+" "+Last errors[0].message)
End try
Try
	OB SET NULL($s; "y")
Catch
	ALERT("OB SET NULL: "+String(Last errors[0].errCode))
End try
ARRAY LONGINT($a; 3)
$a{1}:=7
$c:=New shared collection
ARRAY TO COLLECTION($c; $a)
ALERT(JSON Stringify($c))
ARRAY TEXT($t; 3)
ARRAY TO COLLECTION($c; $a; "n"; $t; "t")
ALERT(JSON Stringify($c))
ALERT(String(OB Is shared($c))+String(OB Is shared($c[0])))
$c:=New shared collection
$c.push("alpha")
$c.combine([1; 2]).unshift("z").insert(1; "ins")
ALERT(JSON Stringify($c))
$c.remove(0).fill("f"; 1; 2).reverse()
ALERT(JSON Stringify($c))
ALERT(JSON Stringify($c.resize(6; "r")))
ALERT(JSON Stringify($c.sort()))
ALERT(JSON Stringify($c.orderByMethod(Formula($1.result:=String($1.value)<String($1.value2)))))
$c.clear()
ALERT(JSON Stringify($c))
Try
	$c[0]:="a"
Catch
	ALERT("el: "+String(Last errors[0].errCode)+" "+Last errors[0].message)
End try
Try
	$c.push(New object("a"; 1))
Catch
	ALERT("push obj: "+String(Last errors[0].errCode)+" "+Last errors[0].message)
End try
Try
	$s.a:=1
Catch
	ALERT("set: "+String(Last errors[0].errCode)+" "+Last errors[0].message)
End try
Use ($s)
	Try
		$s.a:=New object
	Catch
		ALERT("set obj: "+String(Last errors[0].errCode)+" "+Last errors[0].message)
	End try
	Try
		$s.a:=->$s
	Catch
		ALERT("set ptr: "+String(Last errors[0].errCode)+" "+Last errors[0].message)
	End try
	Try
		$s.pict:=$s
		ALERT("self ok")
	Catch
		ALERT("self: "+String(Last errors[0].errCode))
	End try
	$s.pict:=Null
End use
$o:=OB Copy($s)
ALERT(String(OB Is shared($o)))
$o:=OB Copy({a: {b: [1; 2]}}; ck shared)
ALERT(String(OB Is shared($o))+String(OB Is shared($o.a))+String(OB Is shared($o.a.b)))
$ob1:=New shared object
$ob2:=New shared object
Use ($ob1)
	$ob1.a:=$ob2
End use
$ob3:=New shared object
$ob4:=New shared object
Use ($ob3)
	$ob3.a:=$ob4
End use
Try
	Use ($ob1)
		$ob1.b:=$ob4
	End use
Catch
	ALERT("group: "+String(Last errors[0].errCode)+" "+Last errors[0].message)
End try
Use ($ob3)
	$ob3.a:=Null
End use
Try
	Use ($ob1)
		$ob1.b:=$ob4
	End use
Catch
	ALERT("group: "+String(Last errors[0].errCode))
End try
Try
	Use ($ob1)
		$ob1.b:=OB Copy($ob4; ck shared; $ob1)
		ALERT("copied into the group")
	End use
Catch
	ALERT("group copy: "+String(Last errors[0].errCode))
End try
Try
	Use ({a: 1})
	End use
Catch
	ALERT("use ordinary: "+String(Last errors[0].errCode)+" "+Last errors[0].message)
End try
Try
	Use (Null)
	End use
Catch
	ALERT("use null: "+String(Last errors[0].errCode)+" "+Last errors[0].message)
End try
Try
	Use (Storage)
		Storage.a:=1
	End use
Catch
	ALERT("storage scalar: "+String(Last errors[0].errCode)+" "+Last errors[0].message)
End try
Try
	Storage.b:=New shared object
Catch
	ALERT("storage no use: "+String(Last errors[0].errCode)+" "+Last errors[0].message)
End try
Try
	Use (Storage)
		Storage.b:=New shared object("x"; New shared collection(1; 2))
		Storage.c:=New shared collection
	End use
	Use (Storage.b)
		Storage.b.c:=Storage.c
	End use
	ALERT(JSON Stringify(Storage))
Catch
	ALERT("storage: "+String(Last errors[0].errCode)+" "+Last errors[0].message)
End try
var $col : Collection
$col:=[1; 2; {a: 1}].copy(ck shared)
ALERT(String(OB Is shared($col))+JSON Stringify($col))
$col:=$col.copy(ck shared; $ob1)
Use ($ob1)
	$ob1.col:=$col
End use
ALERT(JSON Stringify($ob1))
var $it : Object
For each ($it; New shared collection(New shared object("q"; 1); New shared object("q"; 2)))
	Use ($it)
		$it.q+=10
	End use
	ALERT(String($it.q))
End for each
var $key : Text
Use ($ob1)
	For each ($key; $ob1)
		ALERT($key)
	End for each
End use

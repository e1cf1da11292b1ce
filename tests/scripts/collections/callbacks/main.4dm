// Callbacks: answers in $1.result and $1.stop, This, changes of the collection meanwhile, errors
var $c; $log : Collection
var $o : Object
$c:=[1; 2; 3; 4; 5; 6]

// a method that gives nothing answers in $1.result
ALERT(JSON Stringify($c.map("doubled")))
ALERT(JSON Stringify($c.filter("isEven")))
ALERT(String($c.findIndex("isEven")))
ALERT(String($c.find(2; "isEven")))
ALERT(Choose($c.some("isEven"); "some"; "none")+" "+Choose($c.every("isEven"); "all"; "not all"))

// a method that gives its answer
ALERT(JSON Stringify($c.filter("isOdd")))
ALERT(JSON Stringify($c.filter(Formula(isOdd($1)))))
ALERT(JSON Stringify($c.filter(Formula(isOdd))))

// stop: what was answered last counts
ALERT(JSON Stringify($c.map("stopsAtFour")))
ALERT(JSON Stringify($c.filter("stopsAtFour")))
ALERT(String($c.reduce("sumUpTo"; 0; 6)))
ALERT(String($c.reduceRight("sumUpTo"; 100; 106)))

// This is $1
ALERT(JSON Stringify($c.map(Formula(This.value*$2); 10)))

// $1 may be kept
$log:=[]
$c.map(Formula($2.push($1)); $log)
ALERT(JSON Stringify($log.extract("value")))

// nested callbacks
ALERT(JSON Stringify($c.map(Formula($2.filter(Formula($1.value<$2); $1.value).length); $c)))

// the collection changes under way
$log:=[1; 2; 3; 4]
$log.map(Formula($2.clear()); $log)
ALERT(JSON Stringify($log))
$log:=[1; 2]
ALERT(String($log.map(Formula($2.push($1.value)); $log).length)+" "+String($log.length))
$log:=[3; 1; 2]
$log.sort(Formula($2.push(0).length>$1.value); $log)
ALERT(String($log.length))

// an error comes out, and nothing is left behind
Try
	$c.map(Formula(nothingSuch($1)))
Catch
	ALERT("caught")
End try
Try
	$c.map("nothingSuch")
Catch
	ALERT(Last errors[0].message)
End try
Try
	$c.filter(5)
Catch
	ALERT("no callback")
End try
$o:={f: Formula($1.value+This.value)}
ALERT(JSON Stringify($c.map($o.f)))

// an empty collection
$c:=[]
ALERT(Choose($c.every("isEven"); "all"; "not all")+" "+Choose($c.some("isEven"); "some"; "none"))
ALERT(Choose(Undefined($c.find("isEven")); "nothing"; "something")+" "+String($c.findIndex("isEven")))
ALERT(Choose(Undefined($c.reduce("sumUpTo")); "nothing"; "something"))

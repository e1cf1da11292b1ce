// Sizes and depths at which anything quadratic or recursive would show.
var $o; $p : Object
var $c; $d : Collection
var $i; $n; $sum : Integer
var $key; $text : Text

// many properties: added, read, removed
$n:=200000
$o:={}

For ($i; 1; $n)
	$o["key"+String($i)]:=$i
End for 

For ($i; 1; $n; 2)
	OB REMOVE($o; "key"+String($i))
End for 

For each ($key; $o)
	$sum:=($sum+$o[$key]) % 1000003
End for each 

ALERT(String(OB Keys($o).length)+" "+String($sum))
$p:=OB Copy($o)
ALERT(String(JSON Parse(JSON Stringify($p)).key20000))

// many elements
$c:=[]

For ($i; 1; 2000000)
	$c.push($i)
End for 

$c[2999999]:=0.5
ALERT(String($c.length)+" "+String($c[1999999])+" "+String($c[2500000]=Null))
$c.resize(10)
ALERT(String($c.sum()))

// deep nesting: copied, compared, written, read, freed
$n:=100000
$o:={v: 1}
$c:=[1]

For ($i; 1; $n)
	$o:={next: $o}
	$c:=[$c]
End for 

$p:=OB Copy($o)
$d:=$c.copy()
ALERT(String($c.equal($d))+" "+String($p=$o))
ALERT(String(Length(JSON Stringify($o)))+" "+String(Length(JSON Stringify($c))))
$c:=JSON Parse(("["*$n)+("]"*$n))
$p:=OB Copy($o; ck shared)
$o:=OB Copy($p)
$p:=Null
$i:=0

While ($o#Null)
	$o:=$o.next
	$i+=1
End while 

ALERT(String($i))

// formulas that hold one another
For ($i; 1; $n)
	$o:=Formula($o)
End for 

$o:=Null
ALERT("freed")

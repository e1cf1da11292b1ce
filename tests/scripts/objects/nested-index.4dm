// `[…][…]` in one step, on everything it may meet.
var $c; $d : Collection
var $o : Object
var $i; $j; $sum : Integer
var $v : Variant

$c:=[[1; 2; 3]; [4; 5; 6]; ["a"; {k: [7; 8]}]; {x: 9}; Null]
$i:=1
$j:=2
ALERT(String($c[$i][$j])+String($c[0][0])+$c[2][0]+String($c[2][1]["k"][1])+String($c[3]["x"]))
ALERT(String($c[0][3]=Null)+String(Undefined($c[0][3]))+String(Undefined($c[9][0])))

Try
	$v:=$c[4][0]
	ALERT("nothing there: "+String($v=Null))
Catch
	ALERT("Null has no elements")
End try

// a collection in itself, and one that is overwritten by its own element
$d:=[1; 2]
$d.push($d)
$j:=2
ALERT(String($d[$j][$j][0]))
$v:=$c
$i:=2
$j:=1
$v:=$v[$i][$j]
ALERT(JSON Stringify($v))

For ($i; 0; 2)
	For ($j; 0; 1)
		$sum:=$sum+(Value type($c[$i][$j])=Is real ? $c[$i][$j] : 100)
	End for 
End for 

ALERT(String($sum))

$o:={rows: [[1.5; 2.5]; [True; False]]}
$j:=1
ALERT(String($o.rows[0][$j]+$o.rows[0][0])+String($o.rows[1][$j]))

// conditions of several parts
var $a; $b : Integer
var $met : Text

For ($a; 0; 2)
	For ($b; 0; 2)
		
		If ((($a=0) && ($b=0)) || (($a=1) && ($b>0)) || ($a+$b=4))
			$met+=String($a)+String($b)+" "
		End if 
		
		If (($a=2) || ($o.missing=Null) && ($b=1))
			$met+="."
		End if 
		
		While (($a>5) || ($b>5))
			$a:=0
			$b:=0
		End while 
	End for 
End for 

ALERT($met)

// Members and calls at places in code that meet many classes, and errors in the middle of them.
var $all : Collection
var $o; $p : Object
var $round; $sum; $i : Integer
var $text : Text

$all:=[cs.Base.new("x"); cs.A.new("x"); cs.B.new("x"); cs.C.new("x"); cs.D.new("x"); cs.E.new("x"); cs.F.new("x")]

For ($round; 1; 50)
	For each ($o; $all)
		$o.hit().hit()
		$o.double:=$o.double+$round
		$o.double+=1
		$sum:=($sum+$o.double+$o.hits+$o.fixed) % 1000003
		$text:=$o.meet($all[$round % 7])
	End for each 
End for 

ALERT(String($sum)+" "+$text)

For each ($o; $all)
	ALERT($o.name+" "+String($o.hits)+" "+String($o.level)+" "+OB Keys($o).join(","))
End for each 

// an error in a setter leaves the object as it was
For ($i; 1; 3)
	Try
		$all[1].double:=-1
	Catch
		ALERT(String(Last errors[0].errCode)+" "+Last errors[0].message)
	End try
	
	Try
		$all[1].fixed:=$i
	Catch
		ALERT("read-only")
	End try
End for 

ALERT(String($all[1].level))

// nested too deeply, in functions and in computed properties; and the process goes on
Try
	$i:=$all[0].deep(1)
Catch
	ALERT("too deep")
End try

Try
	$i:=$all[2].endless
Catch
	ALERT("endless")
End try

Try
	$o:=cs.Late.new()
Catch
	ALERT("Super is missing")
End try

ALERT(String(cs.Bare.new().add(1).add("two").add(Null).list.length))

// a property added at one place in code to objects of different build
$all:=[{}; {a: 1}; cs.Bare.new(); {b: 1}; {c: 1}; {d: 1}; {}]

For ($round; 1; 2)
	For each ($o; $all)
		$o.extra:=$o.extra=Null ? $round : $o.extra+10
		$o.extra+=1
		$o.at:=?00:01:00?
	End for each 
End for 

For each ($o; $all)
	ALERT(OB Keys($o).join(",")+" "+String($o.extra)+" "+String(Value type($o.at)=Is real))
End for each 

// storing what is undefined clears a property and adds none
$o:={a: 5; t: "x"}
$p:={}

For ($i; 1; 3)
	$o.a:=$p.nothing
	$o.b:=$p.nothing
	$o.t:=$p.nothing
End for 

ALERT(JSON Stringify($o))

// a function in a property goes before the class's
$o:=cs.A.new("y")

For ($i; 1; 4)
	
	If ($i=3)
		$o.twice:=Formula($1*100)
	End if 
	
	ALERT(String($o.twice($i))+" "+String($o.double))
	
End for 

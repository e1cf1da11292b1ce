// Rows of a two-dimensional array are arrays: commands read and change them where they lie.
ARRAY LONGINT($grid; 2; 0)
APPEND TO ARRAY($grid{1}; 5)
APPEND TO ARRAY($grid{1}; 3)
APPEND TO ARRAY($grid{2}; 9)
ALERT(String(Size of array($grid{1}))+String(Size of array($grid{2})))
SORT ARRAY($grid{1}; >)
ALERT(String($grid{1}{1})+String($grid{1}{2}))
INSERT IN ARRAY($grid{2}; 1; 2)
ALERT(String(Size of array($grid{2}))+" "+String(Find in array($grid{2}; 9)))
DELETE FROM ARRAY($grid{2}; 1)
ALERT(String(Size of array($grid{2})))
COPY ARRAY($grid{1}; $grid{2})
$grid{2}{1}:=77
ALERT(String($grid{1}{1})+" "+String($grid{2}{1}))
ARRAY LONGINT($copy; 0)
COPY ARRAY($grid{2}; $copy)
ALERT(String($copy{1}))

ARRAY TEXT(names; 2; 1)
APPEND TO ARRAY(names{2}; "last")
ALERT(names{2}{2}+String(Size of array(names{1})))
var $p : Pointer
$p:=->names
APPEND TO ARRAY($p->{1}; "through a pointer")
ALERT(names{1}{2})
$p:=->names{2}
APPEND TO ARRAY($p->; "row")
ALERT(String(Size of array($p->))+names{2}{3})

// what is no row stays a value
ARRAY TEXT($flat; 2)
$flat{2}:="x"
ALERT(String(Length($flat{2}))+String(Find in array($flat; $flat{2})))
var $n : Integer
ARRAY LONGINT($found; 2)
$n:=Position("b"; "abc"; 1; $found{2})
ALERT(String($found{2}))
var $each; $sum : Integer
For each ($each; [1; 2; 3; 4]) Until ($sum>2)
	If ($each=1)
		continue
	End if 
	$sum:=$sum+$each
End for each 
ALERT(String($sum))

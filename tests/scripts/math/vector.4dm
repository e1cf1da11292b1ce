// 4D.Vector: components, likeness, distance
var $a; $b : 4D.Vector
$a:=4D.Vector.new([3; 4])
$b:=4D.Vector.new([4; 3])
ALERT(String($a.length)+" "+String($a[0])+" "+String($a[1]))
ALERT(String($a.dotSimilarity($b))+" "+String($a.cosineSimilarity($b))+" "+String(Round($a.euclideanDistance($b); 6)))
var $c : Collection
$c:=$a.toCollection()
ALERT(String($c[0]+$c[1]))
Try
	ALERT(String($a.dotSimilarity(4D.Vector.new([1]))))
Catch
	ALERT("sizes differ")
End try
Try
	$a:=4D.Vector.new(["x"])
Catch
	ALERT("only numbers")
End try

// Shapes of different classes, each of which finds its area in its own way.
var $shapes : Collection
var $shape : cs.Shape
var $total : Real

$shapes:=[cs.Circle.new(1); cs.Rectangle.new(2; 3); cs.Rectangle.new(4; 0.5)]
For each ($shape; $shapes)
	ALERT($shape.describe())
	$total+=$shape.area()
End for each 
ALERT("total: "+String($total; "###0.00"))

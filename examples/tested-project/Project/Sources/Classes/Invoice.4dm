property lines : Collection:=[]
property rate : Real

Class constructor($rate : Real)
	This.rate:=$rate
	
	// Adds a line: so many pieces at a price in cents.
Function add($article : Text; $pieces : Integer; $price : Integer)->$invoice : cs.Invoice
	This.lines.push({article: $article; pieces: $pieces; price: $price})
	$invoice:=This
	
Function get net()->$net : Integer
	$net:=This.lines.reduce(Formula($1.accumulator+=($1.value.pieces*$1.value.price)); 0)
	
Function get total()->$total : Integer
	$total:=This.net+vat(This.net; This.rate)

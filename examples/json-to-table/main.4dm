// Orders as JSON become a table: as text with aligned columns, then as CSV.
var $orders; $rows : Collection
var $columns : Collection

$orders:=JSON Parse(Folder(fk database folder).file("orders.json").getText()).orders
$rows:=$orders.map(Formula(flat($1.value; "")))

// Orders need not have the same properties: the table has all of them.
$columns:=$rows.reduce(Formula($1.accumulator.combine(OB Keys($1.value))); []).distinct(ck keep null)
$columns:=$columns.orderBy(ck ascending)

showTable($columns; $rows)
ALERT("")
ALERT($columns.join(","))
var $row : Object
For each ($row; $rows)
	ALERT($columns.map(Formula(csvCell($row[$1.value]))).join(","))
End for each 

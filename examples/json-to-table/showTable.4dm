// Rows under their columns, each as wide as its widest cell; numbers to the right.
#DECLARE($columns : Collection; $rows : Collection)
var $widths : Object:={}
var $column; $line; $cell : Text
var $row : Object

For each ($column; $columns)
	$widths[$column]:=Length($column)
	For each ($row; $rows)
		$widths[$column]:=$widths[$column]>Length(asText($row[$column])) ? $widths[$column] : Length(asText($row[$column]))
	End for each 
End for each 

ALERT($columns.map(Formula($1.value+(" "*($widths[$1.value]-Length($1.value))))).join("  "))
ALERT($columns.map(Formula("-"*$widths[$1.value])).join("  "))
For each ($row; $rows)
	$line:=""
	For each ($column; $columns)
		$cell:=asText($row[$column])
		If (Value type($row[$column])=Is real)
			$line+=(" "*($widths[$column]-Length($cell)))+$cell+"  "
		Else 
			$line+=$cell+(" "*($widths[$column]-Length($cell)))+"  "
		End if 
	End for each 
	ALERT(Trim end($line))
End for each 

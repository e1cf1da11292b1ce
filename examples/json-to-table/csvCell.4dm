// Quoted where the reader of a CSV file would otherwise be misled.
#DECLARE($value : Variant)->$cell : Text

$cell:=asText($value)
If (Match regex("[\",\\n]"; $cell; 1))
	$cell:="\""+Replace string($cell; "\""; "\"\"")+"\""
End if 

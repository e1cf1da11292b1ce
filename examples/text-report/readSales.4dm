// The lines of a file as objects. The first line names the columns and is left out.
#DECLARE($file : 4D.File)->$sales : Collection
var $line : Text
var $cells : Collection

$sales:=[]
For each ($line; Split string($file.getText(); "\n"; sk ignore empty strings).slice(1))
	$cells:=Split string($line; "\t"; sk trim spaces)
	$sales.push({day: Date($cells[0]+"T00:00:00"); region: $cells[1]; article: $cells[2]; \
		pieces: Num($cells[3]); amount: Num($cells[3])*Num($cells[4]; ".")})
End for each 

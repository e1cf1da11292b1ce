// A sales report in columns, with a sum for each region, from a text file with tabs.
var $sales; $ofRegion : Collection
var $sale : Object
var $region; $line : Text

$sales:=readSales(Folder(fk database folder).file("sales.txt"))

ALERT(column("Article"; 12)+column("Pieces"; -8)+column("Amount"; -12))
ALERT("-"*32)
For each ($region; $sales.distinct("region"))
	ALERT($region)
	$ofRegion:=$sales.query("region = :1 order by amount desc"; $region)
	For each ($sale; $ofRegion)
		$line:=column("  "+$sale.article; 12)
		$line+=column(String($sale.pieces); -8)
		$line+=column(String($sale.amount; "###,##0.00"); -12)
		ALERT($line)
	End for each 
	ALERT(column("  sum"; 20)+column(String($ofRegion.sum("amount"); "###,##0.00"); -12))
End for each 
ALERT("-"*32)
ALERT(column("All"; 12)+column(String($sales.sum("pieces")); -8)+column(String($sales.sum("amount"); "###,##0.00"); -12))
ALERT("Best day: "+String($sales.query("amount = :1"; $sales.max("amount")).first().day; "yyyy-MM-dd"))

// Four processes count the shelves of one shop into one inventory that they share.
var $shelf : Object
var $name; $article : Text
var $counting : Collection
var $done : 4D.Signal

$counting:=[]
For each ($shelf; shelves())
	$done:=New signal($shelf.name)
	$counting.push($done)
	$name:="Counter of "+$shelf.name
	New process("countShelf"; 0; $name; $shelf; $done)
End for each 

For each ($done; $counting)
	If (Not($done.wait(10)))
		ALERT($done.description+" was not counted")
	End if 
End for each 

var $inventory : cs.Inventory:=cs.Inventory.me
For each ($article; $inventory.articles())
	ALERT(String($inventory.stock[$article]; "####0")+"  "+$article)
End for each 
ALERT("entries: "+String($inventory.entries))

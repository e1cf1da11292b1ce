// Runs in a process of its own: enters every item of a shelf, then tells that it is done.
#DECLARE($shelf : Object; $done : 4D.Signal)
var $article : Text

For each ($article; $shelf.items)
	cs.Inventory.me.enter($article)
End for each 
$done.trigger()

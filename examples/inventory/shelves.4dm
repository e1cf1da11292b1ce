// What lies on the shelves: each article as often as it is there.
#DECLARE->$shelves : Collection
var $articles : Collection
var $i; $n : Integer

$articles:=["apple"; "bread"; "candle"; "dice"; "eraser"]
$shelves:=["north"; "east"; "south"; "west"].map(Formula(New object("name"; $1.value; "items"; [])))
For ($i; 0; $shelves.length-1)
	For ($n; 1; 1000)
		$shelves[$i].items.push($articles[($n*($i+3))%5])
	End for 
	$shelves[$i].items.push("fern")
End for 

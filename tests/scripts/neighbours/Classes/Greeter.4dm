Class constructor($word : Text)
	This.word:=$word

Function greet($name : Text) -> $text : Text
	$text:=This.word+" "+$name

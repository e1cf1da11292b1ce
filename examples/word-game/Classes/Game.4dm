property word : Text
property words; tries : Collection

Class constructor($word : Text; $words : Collection)
	This.word:=$word
	This.words:=$words
	This.tries:=[]
	
Function get length()->$length : Integer
	$length:=Length(This.word)
	
Function get isWon()->$won : Boolean
	$won:=(This.tries.length>0) && (This.tries.last().guess=This.word)
	
Function get isOver()->$over : Boolean
	$over:=This.isWon || (This.tries.length=6)
	
	// Takes a guess and answers it.
Function try($guess : Text)->$answer : Text
	If (Length($guess)#This.length)
		throw({errCode: 1; message: "A word with "+String(This.length)+" letters, please."})
	End if 
	$answer:=This.compare($guess; This.word)
	This.tries.push({guess: $guess; answer: $answer})
	
	// The letters of the guess: capitals in their place, small elsewhere, `.` if the word has none (left) of them.
Function compare($guess : Text; $word : Text)->$answer : Text
	var $i; $at : Integer
	var $left : Text
	$answer:="."*Length($word)
	For ($i; 1; Length($word))
		If ($guess[[$i]]=$word[[$i]])
			$answer[[$i]]:=Uppercase($guess[[$i]])
		Else 
			$left+=$word[[$i]]
		End if 
	End for 
	For ($i; 1; Length($word))
		$at:=Position($guess[[$i]]; $left)
		If (($answer[[$i]]=".") & ($at>0))
			$answer[[$i]]:=Lowercase($guess[[$i]])
			$left:=Delete string($left; $at; 1)
		End if 
	End for 
	
	// The first word of the list that fits all answers so far.
Function suggestion()->$word : Text
	$word:=String(This.words.find(Formula($2.fits($1.value)); This))
	
Function fits($word : Text)->$fits : Boolean
	$fits:=This.tries.every(Formula(Compare strings($3.compare($1.value.guess; $2); $1.value.answer; sk char codes)=0); $word; This)

// Find the word: after each guess, a capital letter stands where it belongs, a small one is in the
// word but elsewhere. On a terminal you are asked; otherwise the game plays against itself.
var $game : cs.Game
var $guess; $suggestion : Text

$game:=cs.Game.new("crane"; ["slate"; "crate"; "brace"; "crane"; "grace"; "trace"; "plant"; "cabin"])
Repeat 
	$suggestion:=$game.suggestion()
	$guess:=Request("Your word with "+String($game.length)+" letters?"; $suggestion)
	If (OK=0)
		$guess:=$suggestion
	End if 
	Try
		ALERT(Uppercase($guess)+"  "+$game.try($guess))
	Catch
		ALERT(Last errors.first().message)
	End try
Until ($game.isOver)
ALERT($game.isWon ? "Found in "+String($game.tries.length)+" tries." : "It was "+$game.word+".")

// Three ways to live with errors: a block, an expression, and an error of one's own.
var $text : Text
var $number : Variant

For each ($text; ["10"; "0"; "five"])
	Try
		ALERT($text+": "+String(share($text)))
	Catch
		ALERT($text+": "+Last errors.last().message)
	End try
End for each 

$number:= Try(share("0"))
ALERT(Undefined($number) || ($number=Null) ? "nothing to share" : String($number))

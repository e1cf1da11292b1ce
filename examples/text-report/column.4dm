// A text cut or filled to a width; to the right if the width is negative.
#DECLARE($text : Text; $width : Integer)->$column : Text

If ($width<0)
	$column:=Substring((" "*-$width)+$text; Length($text)+1)
Else 
	$column:=Substring($text+(" "*$width); 1; $width)
End if 

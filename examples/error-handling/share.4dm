// Shares 100 among as many as the text says.
#DECLARE($text : Text)->$share : Real

If (Num($text)=0)
	throw({errCode: 1; message: "cannot share among "+$text})
End if 
$share:=100/Num($text)

// A value as it stands in a table: nothing for null and what is not there.
#DECLARE($value : Variant)->$text : Text

If ($value#Null)
	$text:=String($value)
End if 

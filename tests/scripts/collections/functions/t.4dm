// Shows a value as JSON, with the name of the rule it belongs to
#DECLARE($name : Text; $value : Variant)
Case of 
	: (Undefined($value))
		ALERT($name+": undefined")
	: (Value type($value)=Is text)
		ALERT($name+": '"+Replace string($value; "\r"; "<CR>")+"'")
	Else 
		ALERT($name+": "+JSON Stringify($value))
End case 

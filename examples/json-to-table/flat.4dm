// An object without objects in it: `customer.name` becomes the name of a column. Collections are counted.
#DECLARE($object : Object; $prefix : Text)->$flat : Object
var $entry; $inner : Object

$flat:={}
For each ($entry; OB Entries($object))
	Case of 
		: (Value type($entry.value)=Is object)
			For each ($inner; OB Entries(flat($entry.value; $prefix+$entry.key+".")))
				$flat[$inner.key]:=$inner.value
			End for each 
		: (Value type($entry.value)=Is collection)
			$flat[$prefix+$entry.key]:=$entry.value.length
		Else 
			$flat[$prefix+$entry.key]:=$entry.value
	End case 
End for each 

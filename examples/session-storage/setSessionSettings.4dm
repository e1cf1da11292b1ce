//%attributes = {}
// Keeps a text in the storage of a session, found by its UUID.
// Answers whether there is such a session.
#DECLARE($id : Text; $text : Text)->$found : Boolean

var $storage : Object

$storage:=Session storage by ID($id)
$found:=($storage#Null)

If ($found)
	
	If ($storage.settings=Null)
		
		Use ($storage)
			$storage.settings:=New shared object("text"; $text)
		End use 
		
	Else 
		
		Use ($storage.settings)
			$storage.settings.text:=$text
		End use 
		
	End if 
	
End if 

// Texts of XLIFF files, by name and by number, in the languages that the resources have
#DECLARE
var $text; $lang : Text
For each ($lang; ["en"; "fr"; "fr-ca"; "FR-CH"])
	SET DATABASE LOCALIZATION($lang)
	$text:=$lang+" ok "+String(OK)+" current "+Get database localization(Current localization)+": "
	$text+=Localized string("Shopping")+", "+Localized string("shopping")+", "+Localized string("Show on disk")
	ALERT($text+" ("+String(OK)+")")
End for each 
SET DATABASE LOCALIZATION("zz")
ALERT("unknown: "+String(OK)+" still "+Get database localization(Current localization))
SET DATABASE LOCALIZATION("")
ALERT("none: "+String(OK))

SET DATABASE LOCALIZATION("en")
ALERT(Localized string("Only <English>")+" "+String(OK))
ALERT("["+Localized string("Empty")+"] "+String(OK))
ALERT("["+Localized string("nothing")+"] "+String(OK))
ALERT(Get indexed string(100; 1)+" "+String(OK))
ALERT("["+Get indexed string(100; 99)+"] "+String(OK))
ARRAY TEXT($strings; 0)
STRING LIST TO ARRAY(100; $strings)
ALERT(String(Size of array($strings))+" "+$strings{1}+" "+$strings{2})
STRING LIST TO ARRAY(7; $strings)
ALERT(String(OK)+" "+String(Size of array($strings)))

SET DATABASE LOCALIZATION("fr-ca")
var $resources : Text
$resources:=Get 4D folder(Current resources folder)
For each ($text; ["log.xsl"; "other.xsl"; "main.xlf"; "top.txt"; "nope.txt"])
	ALERT($text+" -> "+Replace string(Localized document path($text); $resources; ""))
End for each 

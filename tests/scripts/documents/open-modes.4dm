// The mode may come right after the document's name
var $path; $text : Text
var $ref : Time
$path:=Temporary folder+Generate UUID
$ref:=Create document($path)
SEND PACKET($ref; "one\ntwo\n")
CLOSE DOCUMENT($ref)
$ref:=Open document($path; Read mode)
RECEIVE PACKET($ref; $text; "\n")
CLOSE DOCUMENT($ref)
ALERT($text+" "+String(Get document size($path)))
$ref:=Open document($path; "TEXT"; Read and write)
SET DOCUMENT POSITION($ref; 4)
RECEIVE PACKET($ref; $text; 3)
CLOSE DOCUMENT($ref)
ALERT($text)
DELETE DOCUMENT($path)
ALERT(String(Test path name($path)))

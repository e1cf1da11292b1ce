// Variables in documents, and packets in other character sets
var $folder : 4D.Folder
var $path; $text; $back : Text
var $number : Real
var $date : Date
var $doc : Time
var $bytes : Blob
var vText : Text
var vNumber : Real
$folder:=Folder(Temporary folder; fk platform path).folder("fourd-variables-"+Generate UUID)
$folder.create()
$path:=$folder.file("prefs").platformPath
vText:="text"
vNumber:=1.5
$date:=!2024-02-03!
SAVE VARIABLES($path; vText; vNumber; $date)
ALERT(String(OK)+" "+String(Document=$path))
vText:=""
vNumber:=0
$date:=!00-00-00!
LOAD VARIABLES($path; vText; vNumber; $date)
ALERT(String(OK)+" "+vText+" "+String(vNumber)+" "+String($date; ISO date))
LOAD VARIABLES($path; vText; vNumber; $date; $text)
ALERT(String(OK))
LOAD VARIABLES(""; vText)
ALERT(String(OK))
ARRAY TEXT($array; 1)
Try(SAVE VARIABLES($path; $array))
ALERT(Last errors[0].message)

SET CHANNEL(12; $folder.file("channel").platformPath)
ALERT(String(OK))
SEND VARIABLE(vText)
SEND VARIABLE(vNumber)
SET CHANNEL(11)
vText:=""
SET CHANNEL(13; $folder.file("channel").platformPath)
RECEIVE VARIABLE(vText)
RECEIVE VARIABLE(vNumber)
ALERT(vText+" "+String(vNumber)+" "+String(OK))
RECEIVE VARIABLE(vNumber)
ALERT(String(OK))
SET CHANNEL(11)
Try(SEND VARIABLE(vText))
ALERT(Last errors[0].message)
Try(SET CHANNEL(101; 10))
ALERT(Last errors[0].message)
SET TIMEOUT(0)

USE CHARACTER SET("UTF-16LE"; 0)
$doc:=Create document($path)
SEND PACKET($doc; "né")
CLOSE DOCUMENT($doc)
USE CHARACTER SET(*; 0)
DOCUMENT TO BLOB($path; $bytes)
ALERT(String(BLOB size($bytes))+" "+String($bytes{2}))
USE CHARACTER SET("UTF-16LE"; 1)
$doc:=Open document($path)
RECEIVE PACKET($doc; $back; 2)
CLOSE DOCUMENT($doc)
USE CHARACTER SET(*; 1)
ALERT($back)
USE CHARACTER SET("no such set")
ALERT(String(OK))
ALERT(String(Is picture file($path)))
TEXT TO DOCUMENT($path; "<svg xmlns=\"http://www.w3.org/2000/svg\"/>")
ALERT(String(Is picture file($path)))
$folder.delete(Delete with contents)
// nothing leaves a file system
ALERT(String(Test path name("/RESOURCES/../../../../../../../../etc")))

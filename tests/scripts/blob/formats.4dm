// Byte orders, real formats, texts read back, bytes by index in all kinds of variables
var $b; $copy : Blob
var $offset; $i : Integer
var $format : Integer
For each ($format; [0; 1; 2; 3])
	SET BLOB SIZE($b; 0)
	REAL TO BLOB(-1234.5; $b; $format; *)
	REAL TO BLOB(0.1; $b; $format; *)
	$offset:=0
	ALERT(String($format)+": "+String(BLOB size($b))+" "+String(BLOB to real($b; $format; $offset))+" "+String(BLOB to real($b; $format; $offset))+" at "+String($offset))
End for each 
INTEGER TO BLOB(-3; $b; PC byte ordering)
ALERT(String(BLOB to integer($b; PC byte ordering)))
SET BLOB SIZE($b; 0)
TEXT TO BLOB("Café"; $b; UTF8 text with length; *)
TEXT TO BLOB("Café"; $b; Mac Pascal string; *)
TEXT TO BLOB("Café"; $b; UTF8 C string; *)
TEXT TO BLOB("end"; $b; UTF8 text without length; *)
$offset:=0
ALERT(BLOB to text($b; UTF8 text with length; $offset)+" "+BLOB to text($b; Mac Pascal string; $offset)+" "+BLOB to text($b; UTF8 C string; $offset)+" "+BLOB to text($b; UTF8 text without length; $offset; 2)+" "+String($offset))
vxBlob:=$b
vxBlob{0}:=300
$p:=->$copy
$copy:=vxBlob
$p->{1}:=7
ALERT(String(vxBlob{0})+" "+String($copy{1})+" "+String($p->{0})+" "+String($b{0}))
COPY BLOB($b; $copy; 0; 30; 5)
ALERT(String(BLOB size($copy)))
Try
	$i:=$b{999}
Catch
	ALERT("no such byte")
End try
Try
	$i:=BLOB to longint($b; 0; $offset)
Catch
	ALERT("too short")
End try

// Variables of another process: read, written, arrays as a whole and by element.
var $n; $i : Integer
var $text : Text
var $done : 4D.Signal

$done:=New signal
<>ready:=0
$n:=New process("other"; 0; "other"; $done)
While (<>ready=0)
	DELAY PROCESS(Current process; 1)
End while

GET PROCESS VARIABLE($n; vText; $text; vNumber; $i)
ALERT($text+" "+String($i))
SET PROCESS VARIABLE($n; vText; Uppercase($text); vNumber; $i+1)
GET PROCESS VARIABLE($n; vText; $text; vNumber; $i)
ALERT($text+" "+String($i))

GET PROCESS VARIABLE($n; aNames; copied)
ALERT(String(Size of array(copied))+" "+copied{1}+" "+copied{2})
For ($i; 1; Size of array(copied))
	GET PROCESS VARIABLE($n; aNames{$i}; $text)
	SET PROCESS VARIABLE($n; aNames{$i}; Uppercase($text))
End for
ARRAY LONGINT(numbers; 2)
numbers{0}:=5
numbers{2}:=7
VARIABLE TO VARIABLE($n; aNumbers; numbers; vText; copied{2})

Try
	SET PROCESS VARIABLE($n; aNames; copied)
Catch
	ALERT("arrays go by VARIABLE TO VARIABLE only")
End try
Try
	VARIABLE TO VARIABLE(9999; aNames; copied)
Catch
	ALERT("no such process")
End try
Try
	SET PROCESS VARIABLE($n; $text; "x")
Catch
	ALERT("no local variables")
End try
$done.trigger()

#DECLARE($done : 4D.Signal)
vText:="hello"
vNumber:=41
ARRAY TEXT(aNames; 2)
aNames{1}:="ann"
aNames{2}:="bob"
<>ready:=1
$done.wait()
ALERT(aNames{1}+" "+aNames{2}+" "+String(aNumbers{0})+" "+String(aNumbers{2})+" "+String(Size of array(aNumbers))+" "+vText)

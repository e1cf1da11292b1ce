// A pointer that is passed points to the variable of the process that it comes to.
var $local : Integer
vNumber:=5
<>vShared:=7
New process("other"; 0; "other"; ->vNumber; -><>vShared)
While (<>vShared=7)
	DELAY PROCESS(Current process; 1)
End while
ALERT(String(vNumber)+" "+String(<>vShared))
Try
	New process("other"; 0; "other"; ->$local; ->$local)
Catch
	ALERT("a local variable is out of reach")
End try

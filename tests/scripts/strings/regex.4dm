// Match regex in its forms: whole text, position and length, arrays, only at the start
var $pos; $len : Integer
ALERT(Choose(Match regex("(?i-ms)é+"; "ÉéÉ"); "whole"; "part"))
If (Match regex("b.d"; "😀abcd"; 1; $pos; $len))
	ALERT(String($pos)+" "+String($len))
End if 
ALERT(Choose(Match regex("a.b"; "---a-b---"; 1; $pos; $len; *); "there"; "not there"))
ALERT(Choose(Match regex("a.b"; "---a-b---"; 4; $pos; $len; *); "there"; "not there"))
ARRAY LONGINT($at; 0)
ARRAY REAL($long; 9)
If (Match regex("(x)?(\\p{L}+)=(?<value>\\d+)"; "size=12"; 1; $at; $long))
	ALERT(String(Size of array($at))+" "+String(Size of array($long)))
	ALERT(String($at{0})+" "+String($at{1})+" "+String($at{2})+" "+String($at{3}))
	ALERT(String($long{0})+" "+String($long{1})+" "+String($long{2})+" "+String($long{3}))
End if 
$pos:=99
ALERT(Choose(Match regex("z"; "abc"; 1; $pos); "found"; "none")+String($pos))
ALERT(Choose(Match regex("c"; "abc"; 4); "found"; "none"))
ALERT(Choose(Match regex("$"; "abc"; 4; $pos; $len); "found"; "none")+String($pos)+String($len))
Try
	If (Match regex("(a"; "a"))
	End if 
Catch
	ALERT("refused")
End try
Try
	If (Match regex("^(a?b?c?|\\1)*$x"; "abc"*50; 1))
	End if 
Catch
	ALERT("given up")
End try

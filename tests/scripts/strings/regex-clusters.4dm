// Characters with their marks, and the error of a pattern that cannot be used
var $at; $long : Integer
If (Match regex("\\X"; "e"+Char(0x0301)+"x"; 1; $at; $long))
	ALERT(String($at)+" "+String($long))
End if 
If (Match regex("^\\X{3}$"; "a👨‍👩‍👧🇫🇷"; 1; $at; $long))
	ALERT(String($at)+" "+String($long))
End if 
For each ($pattern; ["(a"; "[a"; "a{2,1}"; "(?w)\\bx"])
	Try
		If (Match regex($pattern; "a"; 1))
		End if 
	Catch
		ALERT($pattern+" "+String(Last errors[0].errCode))
	End try
End for each 

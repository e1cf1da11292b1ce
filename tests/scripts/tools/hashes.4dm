// Digests in Base64URL, blobs, wrong options
var $b : Blob
var $t : Text
ALERT(Generate digest("abc"; SHA256 digest; *))
ALERT(Generate digest($b; SHA1 digest))
Try
	$t:=Generate password hash("x"; {algorithm: "md5"})
Catch
	ALERT("no such algorithm")
End try
Try
	$t:=Generate password hash("x"; {cost: 40})
Catch
	ALERT("no such cost")
End try
Try
	If (Verify password hash("x"; "plain"))
	End if
Catch
	ALERT("no hash")
End try
$t:="not base64!"
BASE64 DECODE($t)
ALERT("["+$t+"]")
BASE64 ENCODE("literal"; $t)
ALERT($t)

// Email objects to MIME and back
var $mail; $back; $part : Object
var $mime; $line : Text
$mail:={}
$mail.from:="tsales@massmarket.com"
$mail.subject:="Terrific Sale! This week only!"
$mail.textBody:="Text format email = é\nsecond line"
$mail.htmlBody:="<html><body>HTML format email</body></html>"
$mail.to:=[{email: "noreply@4d.com"}; {name: "Tést, A"; email: "test@4d.com"}]
$mail.cc:="Some Body some@body.com, \"Quoted, Name\" <q@n.org>"
$mail.messageId:="7CA5D25B@4d.com"
$mail.sendAt:="2018-10-11T15:42:25Z"
$mail.inReplyTo:="a@b"
$mail.references:=["a@b"; "c@d"]
$mail.keywords:={}
$mail.keywords["$flagged"]:=True
$mail.headers:=[{name: "X-Own"; value: "mine"}; {name: "From"; value: "ignored"}]
$mime:=MAIL Convert to MIME($mail)
For each ($line; Split string($mime; "\r\n"))
	Case of 
		: ($line="Content-Type: multipart@")
			ALERT(Substring($line; 1; 47)+"…")
		: ($line="--@")
			ALERT("--…"+Choose($line="@--"; "--"; ""))
		Else 
			ALERT($line)
	End case 
End for each 

$back:=MAIL Convert from MIME($mime)
ALERT($back.subject+" | "+$back.messageId+" | "+$back.sendAt+" | "+$back.inReplyTo+" | "+$back.references.join(" "))
ALERT(JSON Stringify($back.from)+JSON Stringify($back.to)+JSON Stringify($back.cc))
ALERT(JSON Stringify($back.keywords)+" "+$back.headers.query("name = :1"; "X-Own")[0].value)
ALERT($back.bodyStructure.type+" "+$back.bodyStructure.subParts.extract("type").join(" "))
ALERT($back.bodyValues.p0001.value)
ALERT($back.bodyValues.p0002.value)

// attachments
var $attachment : 4D.MailAttachment
var $blob : Blob
TEXT TO BLOB("hello attachment"; $blob; UTF8 text without length)
$attachment:=MAIL New attachment($blob; "naïve.txt"; ""; "text/plain")
ALERT($attachment.name+" "+$attachment.type+" "+$attachment.disposition+" "+String($attachment.size)+" ["+$attachment.cid+"] "+OB Class($attachment).name)
$mail:={from: "a@b.c"; to: "d@e.f"; subject: "Hé"; textBody: "see below"; attachments: [$attachment]}
$mail.attachments.push(4D.MailAttachment.new($blob; "pic.png"; "4D"))
ALERT($mail.attachments[1].type+" "+$mail.attachments[1].disposition)
$back:=MAIL Convert from MIME(MAIL Convert to MIME($mail))
ALERT($back.subject+" "+$back.bodyStructure.type)
For each ($part; $back.attachments)
	ALERT($part.name+" "+$part.type+" "+$part.disposition+" ["+$part.cid+"] "+String($part.size)+" "+Convert to text($part.getContent(); "UTF-8"))
End for each 

// the modes
var $mode : Text
For each ($mode; [mail mode UTF8; mail mode UTF8 in base64; mail mode ISO88591; mail mode ISO2022JP])
	$mime:=MAIL Convert to MIME({subject: "Grüße"; textBody: "Größe"}; {headerCharset: $mode; bodyCharset: $mode})
	ALERT($mode)
	For each ($line; Split string($mime; "\r\n"))
		If ($line="Subject@") | ($line="Content@") | (Position("Gr"; $line)=1) | ($line="R3@")
			ALERT("  "+$line)
		End if 
	End for each 
	If (MAIL Convert from MIME($mime).subject#"Grüße")
		ALERT("  the subject did not come back")
	End if 
End for each 

// what cannot be
Try(MAIL Convert to MIME({attachments: [1]}))
ALERT(Last errors[0].message)
Try(MAIL New attachment("/PACKAGE/no such file"))
ALERT(String(Last errors[0].errCode))
ALERT(String(Position("\r\nBcc: x"; MAIL Convert to MIME({subject: "a\r\nBcc: x@y"}))))
// what was converted is converted again
$mail:=MAIL Convert from MIME("Subject: =?UTF-8?Q?caf=C3=A9?=\r\nFrom: A <a@b>\r\nContent-Type: text/html; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<b>=E9</b>")
ALERT($mail.subject+" "+JSON Stringify($mail.bodyStructure)+JSON Stringify($mail.bodyValues))
$mail:=MAIL Convert from MIME(MAIL Convert to MIME($mail))
ALERT($mail.bodyValues.p0001.value)

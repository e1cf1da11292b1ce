var $message; $part : Object
var $text : Text
$text:="POST /batch HTTP/1.1\r\nAuthorization: Bearer x\r\nContent-Type: multipart/mixed; boundary=\"b 1\"\r\nX-Two: 1\r\nX-Two: 2\r\n\r\n"
$text+="preamble\r\n--b 1\r\nContent-Type: application/http\r\nContent-ID: <item1>\r\n\r\nGET /a HTTP/1.1\r\n\r\n"
$text+="--b 1\r\nContent-Type: image/png\r\nContent-Disposition: form-data; name=\"pic\"; filename=\"a.png\"\r\n\r\nbytes\r\n--b 1--\r\nepilogue"
$message:=HTTP Parse message($text)
ALERT($message.requestLine+" | "+$message.headers.Authorization+" | "+$message.headers["X-Two"].join("+")+" | "+String($message.parts.length))
$part:=$message.parts[0]
ALERT($part.contentType+" "+$part.contentID+" "+JSON Stringify($part.content))
$part:=$message.parts[1]
ALERT($part.contentType+" "+$part.name+" "+$part.fileName+" "+String(OB Instance of($part.content; 4D.Blob))+" "+String($part.content.size))

// an answer within a part, of one part itself
$message:=HTTP Parse message("HTTP/1.1 200 OK\nContent-Type: application/json; charset=UTF-8\n\n{\"a\":\"é\"}")
ALERT($message.statusLine+" "+$message.parts[0].contentType+" "+$message.parts[0].charset+" "+JSON Parse($message.parts[0].content).a)

// bytes instead of a text; nothing at all
var $blob : Blob
CONVERT FROM TEXT("Content-Type: multipart/form-data; boundary=x\r\n\r\n--x\r\n\r\nonly"; "UTF-8"; $blob)
ALERT(JSON Stringify(HTTP Parse message($blob)))
ALERT(JSON Stringify(HTTP Parse message("")))

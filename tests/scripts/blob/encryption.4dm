// Encryption with pairs of keys, with data keys and with pass phrases
var $private; $public; $private2; $public2; $secret; $again : Blob
var $key : Object
GENERATE ENCRYPTION KEYPAIR($private; $public)
GENERATE ENCRYPTION KEYPAIR($private2; $public2; 1024)
ALERT(Substring(BLOB to text($private; UTF8 text without length); 1; 31))
ALERT(Substring(BLOB to text($public; UTF8 text without length); 1; 26))
ALERT(String(4D.CryptoKey.new({type: "PEM"; pem: BLOB to text($private2; UTF8 text without length)}).size))

TEXT TO BLOB("a message that is longer than one block of the cipher"; $secret; UTF8 text without length)
ENCRYPT BLOB($secret; $private)
ALERT(String(Position("message"; Convert to text($secret; "ISO-8859-1"))))
$again:=$secret
DECRYPT BLOB($secret; $public)
ALERT(BLOB to text($secret; UTF8 text without length))

// altered, and with the wrong keys
$again{BLOB size($again)-1}:=$again{BLOB size($again)-1} ^| 1
Try(DECRYPT BLOB($again; $public))
ALERT(Last errors[0].message)
Try(DECRYPT BLOB($secret; $public))
ALERT(Last errors[0].message)
Try(ENCRYPT BLOB($secret; $public))
ALERT(Last errors[0].message)

// for one recipient
TEXT TO BLOB("for Bob"; $secret; UTF8 text without length)
ENCRYPT BLOB($secret; $private; $public2)
$again:=$secret
Try(DECRYPT BLOB($again; $public))
ALERT(Last errors[0].message)
DECRYPT BLOB($secret; $public; $private2)
ALERT(BLOB to text($secret; UTF8 text without length))
Try(GENERATE ENCRYPTION KEYPAIR($private; $public; 100))
ALERT(Last errors[0].message)

// data keys
$key:=New data key("myPassPhrase")
ALERT($key.encodedKey)
ALERT(String(New data key("")=Null))
TEXT TO BLOB("twenty characters ..."; $secret; UTF8 text without length)
ALERT(String(Encrypt data BLOB($secret; "myPassPhrase"; MAXLONG; $again))+" "+String(BLOB size($again)))
ALERT(String(Decrypt data BLOB($again; $key; MAXLONG; $secret))+" "+BLOB to text($secret; UTF8 text without length))
ALERT(String(Decrypt data BLOB($again; "other"; MAXLONG; $secret))+" "+String(Position("twenty"; Convert to text($secret; "ISO-8859-1"))))
ALERT(String(Decrypt data BLOB($again; {encodedKey: "xyz"}; 1; $secret))+" "+String(BLOB size($secret)))

// a request for a certificate
var $request : Blob
ARRAY LONGINT($codes; 2)
ARRAY TEXT($names; 2)
$codes{1}:=13
$names{1}:="www.example.com"
$codes{2}:=14
$names{2}:="FR"
GENERATE CERTIFICATE REQUEST($private2; $request; $codes; $names)
ALERT(Substring(BLOB to text($request; UTF8 text without length); 1; 35))
$codes{1}:=99
Try(GENERATE CERTIFICATE REQUEST($private2; $request; $codes; $names))
ALERT(Last errors[0].message)

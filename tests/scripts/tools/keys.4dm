// Keys of both kinds sign and verify; RSA encrypts; PEM texts come back as keys
var $key; $public; $status : Object
var $signature; $secret; $curve : Text
$key:=4D.CryptoKey.new({type: "RSA"; size: 1024})
$public:=4D.CryptoKey.new({type: "PEM"; pem: $key.getPublicKey()})
ALERT($key.type+" "+String($key.size)+" ["+$public.getPrivateKey()+"] "+Substring($key.pem; 1; 27))
$signature:=$key.sign("message"; {hash: "SHA256"; pss: True; encoding: "Base64URL"})
ALERT(String($public.verify("message"; $signature; {hash: "SHA256"; pss: True; encoding: "Base64URL"}).success))
ALERT(String($public.verify("massage"; $signature; {hash: "SHA256"; pss: True; encoding: "Base64URL"}).success))
$secret:=$public.encrypt("hidden é"; {hash: "SHA256"})
$status:=$key.decrypt($secret; {hash: "SHA256"})
ALERT(String($status.success)+" "+$status.result)
For each ($curve; ["prime256v1"; "secp384r1"; "secp521r1"])
	$key:=4D.CryptoKey.new({type: "ECDSA"; curve: $curve})
	$signature:=$key.sign("hello world"; {hash: "SHA512"})
	$public:=4D.CryptoKey.new({type: "PEM"; pem: $key.getPublicKey()})
	ALERT($public.curve+" "+String($public.verify("hello world"; $signature; {hash: "SHA512"}).success)+" "+String($public.verify("x"; $signature; {hash: "SHA512"}).success))
End for each 

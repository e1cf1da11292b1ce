// One machine: registering it has no effect.
ARRAY TEXT($clients; 3)
ARRAY LONGINT($methods; 3)
REGISTER CLIENT("me")
GET REGISTERED CLIENTS($clients; $methods)
ALERT(String(Size of array($clients))+" "+String(Size of array($methods))+" "+String(OK))
UNREGISTER CLIENT
ALERT(String(OK))

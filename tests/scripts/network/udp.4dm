var $options : Object
$options:={log: []; \
onData: Formula(This.log.push($2.type+" "+BLOB to text($2.data; UTF8 text without length)+" "+$2.address+" "+String($2.port)+" "+String($1.port))); \
onTerminate: Formula(ALERT($2.type+" "+String($1.port>0)))}
var $one; $two : 4D.UDPSocket
$one:=4D.UDPSocket.new($options)
$two:=4D.UDPSocket.new()
ALERT(String($one.port>0)+" "+String($two.port#$one.port)+" "+String($one.errors.length))
var $blob : Blob
TEXT TO BLOB("ping"; $blob; UTF8 text without length)
$two.send($blob; "127.0.0.1"; $one.port)
$two.send($blob; "localhost"; $one.port)
While ($options.log.length<2)
	DELAY PROCESS(Current process; 1)
End while
ALERT(String($options.log[0]=("data ping 127.0.0.1 "+String($two.port)+" "+String($one.port))))

// The port is given back with the last reference
var $port : Integer
$port:=$two.port
$two:=Null
$two:=4D.UDPSocket.new($port; {onError: Formula(ALERT("error"))})
ALERT(String($two.port=$port)+" "+String($two.errors.length))
// a port that is taken
$three:=4D.UDPSocket.new($port)
ALERT(String($three.errors[0].errCode))
// too large for one piece
SET BLOB SIZE($blob; 70000)
$three:=4D.UDPSocket.new()
$three.send($blob; "127.0.0.1"; $port)
While ($three.errors.length=0)
	IDLE
End while
ALERT(String($three.errors.length))
Try
	$three.send($blob; "127.0.0.1"; 70000)
Catch
	ALERT("no such port")
End try

// A server and a client in one program
var $log : Collection
$log:=[]
var $server : Object
$server:={log: $log; \
onConnection: Formula(This.connection); \
onTerminate: Formula(This.log.push("listener "+$2.type))}
// what each connection does
$server.connection:={log: $log; \
onConnection: Formula(This.log.push("server "+$2.type+" "+$2.address+" "+String($1.port=$2.port))); \
onData: Formula($1.send($2.data)); \
onShutdown: Formula(This.log.push("server "+$2.type))}
var $listener : 4D.TCPListener
$listener:=4D.TCPListener.new(0; $server)
ALERT(String($listener.port>0)+" "+String($listener.errors.length)+" "+String(OB Is shared($listener)))

var $client : Object
$client:={log: $log; got: ""; \
onConnection: Formula(This.log.push("client "+$2.type+" "+$2.address)); \
onData: Formula(This.got:=This.got+BLOB to text($2.data; UTF8 text without length)); \
onShutdown: Formula(This.log.push("client "+$2.type)); \
onTerminate: Formula(This.log.push("client "+$2.type))}
var $connection : 4D.TCPConnection
$connection:=4D.TCPConnection.new("127.0.0.1"; $listener.port; $client)
ALERT($connection.address+" "+String($connection.port=$listener.port)+" "+String($connection.noDelay)+" "+String($connection.listener=Null)+" "+String($connection.closed))
var $blob : Blob
TEXT TO BLOB("Hello "; $blob; UTF8 text without length)
$connection.send($blob)
TEXT TO BLOB("server"; $blob; UTF8 text without length)
$connection.send(4D.Blob.new($blob))
While (Length($client.got)<12)
	$connection.wait(0.05)
End while
ALERT($client.got)
$connection.shutdown()
ALERT(String($connection.closed))
Try
	$connection.send($blob)
	ALERT("sent")
Catch
	ALERT("not sent: "+String(Last errors[0].errCode))
End try
$connection.wait()
$server.log:=$log
While ($log.indexOf("server close")<0)
	DELAY PROCESS(Current process; 1)
End while
// both ends say what they see as it comes: sorted, it is always the same
ALERT($log.orderBy(ck ascending).join("\n"))

// Much in both directions
SET BLOB SIZE($blob; 3000000; 7)
$big:={size: 0; onData: Formula(This.size:=This.size+$2.data.size)}
$connection:=4D.TCPConnection.new("localhost"; $listener.port; $big)
$connection.send($blob)
$connection.send($blob)
$connection.shutdown()
$connection.wait(20)
ALERT(String($big.size))

// A connection that a listener refuses
$server.connection:=Null
$client.log:=[]
$connection:=4D.TCPConnection.new("127.0.0.1"; $listener.port; $client)
$connection.wait(5)
ALERT($client.log[0]+" "+$client.log[$client.log.length-1]+" "+String($connection.closed))

// Without callbacks, what is sent arrives even when the object has gone
$server.connection:={onData: Formula(ALERT("got "+BLOB to text($2.data; UTF8 text without length))); onTerminate: Formula(ALERT("the other has gone"))}
$connection:=4D.TCPConnection.new("127.0.0.1"; $listener.port; {})
TEXT TO BLOB("last words"; $blob; UTF8 text without length)
$connection.send($blob)
$connection:=Null
DELAY PROCESS(Current process; 30)

// The port is free at once
$port:=$listener.port
$listener.terminate()
$again:=4D.TCPListener.new($port; {onConnection: Formula(Null)})
ALERT(String($again.port=$port)+" "+String($again.errors.length))
// and a port is taken once
$twice:=4D.TCPListener.new($port; {onError: Formula(ALERT($2.type+" "+String($1.errors[0].errCode))); onTerminate: Formula(ALERT($2.type))})
IDLE
$again.terminate()
// nobody is there any more
$connection:=4D.TCPConnection.new("127.0.0.1"; $port; {onError: Formula(ALERT($2.type+" "+String($1.errors[0].errCode))); onTerminate: Formula(ALERT($2.type))})
$connection.wait(10)
ALERT(String($connection.errors.length)+" "+String($connection.closed))

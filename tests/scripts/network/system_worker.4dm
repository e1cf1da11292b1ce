// Output, errors and exit code
var $worker : 4D.SystemWorker
$worker:=4D.SystemWorker.new("sh -c 'echo out; echo err >&2; exit 3'").wait()
ALERT(JSON Stringify([$worker.response; $worker.responseError; $worker.exitCode; $worker.terminated]))
ALERT($worker.commandLine+" | "+$worker.dataType+" "+$worker.encoding+" "+String($worker.hideWindow))
ALERT(String($worker.errors=Null)+" "+String($worker.pid>0)+" "+String(OB Instance of($worker; 4D.SystemWorker)))

// A program that reads what it is sent until its input is closed
$worker:=4D.SystemWorker.new("cat")
$worker.postMessage("Hello ")
$worker.postMessage("wörld")
ALERT(String($worker.terminated))
$worker.wait(0.1)
ALERT(String($worker.terminated))
$worker.closeInput()
$worker.wait()
ALERT($worker.response+" "+String($worker.exitCode))
Try
	$worker.postMessage("too late")
	ALERT("after the end messages are lost")
Catch
	ALERT("an error")
End try

// Bytes
var $blob : Blob
SET BLOB SIZE($blob; 5; 0xFE)
$worker:=4D.SystemWorker.new("cat"; {dataType: "blob"})
$worker.postMessage($blob)
$worker.closeInput()
$worker.wait()
ALERT(String(OB Instance of($worker.response; 4D.Blob))+" "+String($worker.response.size)+" "+String($worker.response[4]))
ALERT(String(Undefined($worker.encoding)))

// Another character set
$worker:=4D.SystemWorker.new("printf '\\351t\\351'"; {encoding: "ISO-8859-1"}).wait()
ALERT($worker.response)

// Folder and variables
var $folder : 4D.Folder
$folder:=Folder(Temporary folder; fk platform path).folder("worker "+Generate UUID)
$folder.create()
$worker:=4D.SystemWorker.new("sh -c 'pwd; echo $NAME $COUNT'"; {currentDirectory: $folder; variables: {NAME: "a b"; COUNT: 3}}).wait()
ALERT(String(Position($folder.fullName; $worker.response)>0)+" "+Split string($worker.response; "\n")[1])
ALERT(String($worker.currentDirectory.path=$folder.path))
$folder.delete(Delete with contents)

// Time limits: its own, and that of a wait
var $start : Integer
$start:=Milliseconds
$worker:=4D.SystemWorker.new("sleep 20"; {timeout: 0.2}).wait()
ALERT(String($worker.terminated)+" "+String(Undefined($worker.exitCode))+" "+String($worker.errors.length)+" "+String($worker.timeout))
$worker:=4D.SystemWorker.new("sleep 20")
$worker.wait(0.05)
ALERT(String($worker.terminated))
$worker.terminate()
$worker.wait()
ALERT(String($worker.terminated)+" "+String(Undefined($worker.exitCode))+" "+String(Milliseconds-$start<5000))

// What cannot be started
Try
	$worker:=4D.SystemWorker.new("/no/such/program at all")
Catch
	ALERT(String(Last errors[0].errCode)+" "+String($worker.terminated))
End try

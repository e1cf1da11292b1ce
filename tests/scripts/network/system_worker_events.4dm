// Callbacks have the options as This, and are called while the process waits
var $options : Object
$options:={log: []; onData: Formula(This.log.push("data "+Replace string($2.data; "\n"; "/"))); \
onDataError: Formula(This.log.push($2.type+" "+Replace string($2.data; "\n"; "/"))); \
onResponse: Formula(This.log.push($2.type+" "+String($1.exitCode))); \
onError: Formula(This.log.push("error")); \
onTerminate: Formula(This.log.push($2.type+" "+String($1.terminated)))}
var $worker : 4D.SystemWorker
$worker:=4D.SystemWorker.new("sh -c 'echo one; sleep 0.2; echo two >&2; sleep 0.2; echo thrée'"; $options)
ALERT(String($options.log.length))
$worker.wait()
ALERT($options.log.join(", "))
ALERT(JSON Stringify([$worker.response; $worker.responseError]))

// From a callback a wait is left by terminate()
$options.log:=[]
$options.onData:=Formula($1.terminate())
$worker:=4D.SystemWorker.new("sh -c 'echo go; sleep 30'"; $options).wait()
ALERT($options.log.join(", "))

// A time limit is an error
$options.log:=[]
$options.timeout:=0.1
$worker:=4D.SystemWorker.new("sleep 30"; $options).wait()
ALERT($options.log.join(", ")+" "+String($worker.errors[0].errCode))
OB REMOVE($options; "timeout")

// DELAY PROCESS and IDLE listen too; what a callback raises ends the wait
$options.log:=[]
$worker:=4D.SystemWorker.new("echo later"; {log: $options.log; onTerminate: Formula(This.log.push("ended"))})
While ($options.log.length=0)
	DELAY PROCESS(Current process; 6)
End while
$worker:=4D.SystemWorker.new("echo later"; {log: $options.log; onTerminate: Formula(This.log.push("again"))})
While ($options.log.length=1)
	IDLE
End while
ALERT($options.log.join(", "))
Try
	4D.SystemWorker.new("echo x"; {onResponse: Formula(throw(77; "from a callback"))}).wait()
Catch
	ALERT(String(Last errors[0].errCode))
End try

// In a worker the callbacks come between its messages; the program goes on until all is done
CALL WORKER("listener"; Formula(4D.SystemWorker.new("sh -c 'sleep 0.2; echo from the worker'"; {onResponse: Formula(ALERT($1.response+Current process name))})))
4D.SystemWorker.new("sh -c 'sleep 0.4; echo from main'"; {onResponse: Formula(ALERT($1.response))})
ALERT("the method ends")

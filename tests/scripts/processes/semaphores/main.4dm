// Who waits for a semaphore gets it when it is cleared, or when the process that set it ends.
var $held; $go; $done : 4D.Signal
var $process : Integer

$held:=New signal
$go:=New signal
$process:=New process("hold"; 0; "holder"; "ledger"; $held; $go)
$held.wait(20)
ALERT(Choose(Semaphore("ledger"; 3); "still taken"; "mine"))
ALERT(Choose(Semaphore("Ledger"); "taken"; "another one: case counts"))
$go.trigger()
ALERT(Choose(Semaphore("ledger"; 1200); "still taken"; "mine, since the holder ended"))
ALERT(Choose(Semaphore("ledger"); "taken"; "mine already"))
CLEAR SEMAPHORE("ledger")
CLEAR SEMAPHORE("ledger")
ALERT(Choose(Test semaphore("ledger"); "set"; "free"))

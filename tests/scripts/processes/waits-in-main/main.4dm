// The program ends when all processes have, and not before workers are done.
var $process : Integer
$process:=New process("later"; 0; "later"; 12; "a process")
CALL WORKER("slow"; "later"; 24; "a worker")
ALERT("main")

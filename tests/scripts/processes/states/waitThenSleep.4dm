#DECLARE($go : 4D.Signal; $done : 4D.Signal)
$go.wait(20)
DELAY PROCESS(Current process; 3600)
$done.trigger()

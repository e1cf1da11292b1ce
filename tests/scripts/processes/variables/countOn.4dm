#DECLARE($ready : 4D.Signal; $go : 4D.Signal)
var vStop : Boolean
vCount:=100
$ready.trigger()
$go.wait(20)
While (Not(vStop))
	vCount:=(vCount<7) ? vCount+1 : 7
End while 

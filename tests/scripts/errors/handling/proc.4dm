#DECLARE($sig : 4D.Signal)
throw(5; "in process")
Use ($sig)
$sig.done:=1
End use
$sig.trigger()

#DECLARE($counter : Object)
While (Not($counter.stop))
	Use ($counter)
		$counter.n+=1
	End use
	DELAY PROCESS(Current process; 0.5)
End while

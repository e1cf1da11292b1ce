#DECLARE($one : Object; $two : Object; $mine : 4D.Signal; $theirs : 4D.Signal; $done : 4D.Signal)
Try
	Use ($one)
		$mine.trigger()
		$theirs.wait()
		Use ($two)
			$two.n+=1
		End use
	End use
Catch
	Storage.errors.push(Last errors[0].message)
	// the other one can go on now
	DELAY PROCESS(Current process; 3)
	Use ($one)
		Use ($two)
			$two.n+=1
		End use
	End use
End try
$done.trigger()

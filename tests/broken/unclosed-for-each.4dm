For each ($x; $c)
	ALERT($x)

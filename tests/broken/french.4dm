Si ($a=1)
	ALERT("x")
Sinon
	ALERT("y")
Fin de si

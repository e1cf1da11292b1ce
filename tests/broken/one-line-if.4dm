If ($a) ALERT("x")

$a:=Length("x"]

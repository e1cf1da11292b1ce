$a:=1
Until ($a=2)

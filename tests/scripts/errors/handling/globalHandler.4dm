globalCount:=Num(globalCount)+1

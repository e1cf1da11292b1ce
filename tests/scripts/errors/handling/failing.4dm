#DECLARE($x : Integer) : Integer
throw(50042; "out of paper")
failed:=failed+1
return 7

#DECLARE() : Integer
throw({errCode: 1; message: "one"; deferred: True})
failed:=failed+1
throw({errCode: 2; message: "two"; deferred: True})
return 9

#DECLARE() : Boolean
calls:=calls+1
return False

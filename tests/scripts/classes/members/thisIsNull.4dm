#DECLARE() : Boolean
return This=Null

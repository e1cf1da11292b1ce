#DECLARE($a : Text) : 

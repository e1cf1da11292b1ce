#DECLARE($a $b)

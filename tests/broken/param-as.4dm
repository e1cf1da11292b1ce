#DECLARE($a As Text)

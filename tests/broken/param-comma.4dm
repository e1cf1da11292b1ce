#DECLARE($a : Text, $b : Text)

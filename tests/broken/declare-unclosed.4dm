#DECLARE($a : Text; $b : Integer
ALERT($a)

#DECLARE($text : Text) -> $loud : Text
$loud:=Uppercase($text)+"!"

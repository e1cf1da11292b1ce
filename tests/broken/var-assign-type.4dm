var $a := 5 : Integer

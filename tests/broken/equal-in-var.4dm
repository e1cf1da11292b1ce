var $a : Integer = 5

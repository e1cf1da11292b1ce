#DECLARE(Text $a)

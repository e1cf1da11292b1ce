Set $a = 1

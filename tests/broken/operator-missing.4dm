$a:=$b $c

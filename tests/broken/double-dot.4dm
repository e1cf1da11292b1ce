$a:=$o..name

$a:=$o?.name

$a:='it is'

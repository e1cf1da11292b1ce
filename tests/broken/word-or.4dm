$c:=$a or $b

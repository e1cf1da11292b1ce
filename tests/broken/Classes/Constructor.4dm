constructor($a : Text)
This.a:=$a

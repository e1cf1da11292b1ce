Function a b c($x : Text)

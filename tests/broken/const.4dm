const a = 5

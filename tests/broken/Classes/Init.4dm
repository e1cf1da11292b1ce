Function init($a: Text; $b = 5)

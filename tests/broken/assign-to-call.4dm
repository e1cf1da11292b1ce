Length("x"):=1

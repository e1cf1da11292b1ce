For each ($c)
End for each

For each ($x in $c)
End for each

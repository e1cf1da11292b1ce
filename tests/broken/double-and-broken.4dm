If ($a & & $b)
End if

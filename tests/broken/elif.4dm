If ($a)
elif ($b)
End if

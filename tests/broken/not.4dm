If (not $a)
End if

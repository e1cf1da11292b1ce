For ($i;10)
End for

While ($a)
End

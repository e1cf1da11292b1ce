Dim $a As Integer

If ($a) continue

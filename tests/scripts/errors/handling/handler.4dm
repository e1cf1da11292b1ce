handled:=handled+1
lastErr:=Error
lastMethod:=Error method
lastLine:=Error line
lastFormula:=Error formula
lastErrors:=Last errors

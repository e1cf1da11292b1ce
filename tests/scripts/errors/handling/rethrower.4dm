Try
	throw(77; "inner")
Catch
	failed:=failed+100
	throw
End try
failed:=failed+1

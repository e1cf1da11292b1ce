//%attributes = {}
// The tax on an amount in cents, rounded to whole cents.
#DECLARE($amount : Integer; $percent : Real)->$tax : Integer

If ($percent<0)
	throw({errCode: 1; message: "a rate cannot be negative"})
End if 
$tax:=Round($amount*$percent/100; 0)

//%attributes = {}
// Run it and those beside it with `fourd test examples/tested-project --coverage`.
ASSERT(vat(1000; 20)=200; "a fifth of ten")
ASSERT(vat(999; 5.5)=55; "rounded up")
ASSERT(vat(0; 20)=0)

Try
	vat(1000; -1)
	ASSERT(False; "an error should have come")
Catch
	ASSERT(Last errors.first().message="a rate cannot be negative")
End try

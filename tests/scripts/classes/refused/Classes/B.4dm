Class extends A
Function f() : Text
	return "B+"+Super.f()
Function get p() : Integer
	return Super.p+1

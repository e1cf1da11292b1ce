property list : Collection

Function add($v : Variant) : cs.Bare
	
	If (This.list=Null)
		This.list:=[]
	End if 
	
	This.list.push($v)
	return This

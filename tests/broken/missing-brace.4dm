$a:=arr{1+arr{2}

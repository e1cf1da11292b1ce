$a:=`hello ${$b}`

let $a:=1

$o:={
	a: 1;
	b: 2
}
$p:=New object("a"; 1;
	"b"; 2)
$c:=1

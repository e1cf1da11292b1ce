// What is computed from the numbers of an array
ARRAY LONGINT($n; 4)
$n{1}:=2
$n{2}:=4
$n{3}:=9
$n{4}:=-3
ALERT(String(Sum($n))+" "+String(Average($n))+" "+String(Max($n))+" "+String(Min($n)))
ALERT(String(Sum squares($n))+" "+String(Round(Variance($n); 4))+" "+String(Round(Std deviation($n); 4))+" "+String(OK))
ARRAY REAL($grid; 2; 2)
$grid{1}{2}:=1.5
$grid{2}{1}:=2.5
ALERT(String(Sum($grid))+" "+String(Sum($grid{1})))
ARRAY DATE($days; 2)
$days{1}:=!2024-02-29!
$days{2}:=!2023-12-31!
ALERT(String(Max($days); "yyyy-MM-dd")+" "+String(Min($days); "yyyy-MM-dd"))
ARRAY REAL($none; 0)
ALERT(String(Sum($none))+String(Average($none))+String(Max($none))+String(Variance($none)))
ARRAY TEXT($texts; 2)
Try
	ALERT(String(Sum($texts)))
Catch
	ALERT("no numbers")
End try

// Every tag once, errors in their place, results processed again, the $ form
var $out; $t : Text
ARRAY LONGINT(aNumbers; 3)
aNumbers{1}:=10
aNumbers{2}:=20
aNumbers{3}:=30
PROCESS 4D TAGS("<!--#4DLOOP aNumbers--><!--#4DTEXT aNumbers{aNumbers}--> <!--#4DENDLOOP-->"; $out)
ALERT($out)
PROCESS 4D TAGS("<!--#4DCODE\n$list:=[1; 2]\nIf ($list.length=2)\n  $sum:=$list[0]+$list[1]\nEnd if\n-->sum <!--#4DTEXT $sum-->"; $out)
ALERT($out)
PROCESS 4D TAGS("$4DTEXT(\"<\"+String(1)) $4DEVAL( String(1)+\"\\\"(hello)\\\"\") $5"; $out)
ALERT($out)
$t:="<!--#4DTEXT $1-->"
PROCESS 4D TAGS("<!--#4DHTML $2--> / <!--#4DTEXT $2--> / $4DHTML($2)"; $out; "again"; $t)
ALERT($out)
PROCESS 4D TAGS("a<!--#4DTEXT 1+-->b<!--#4DHTML $1.x.y-->c<!--#4DENDIF-->d"; $out; {x: Null})
ALERT($out)
PROCESS 4D TAGS("<!--#4DIF ($1>5)-->big<!--#4DELSEIF ($1>2)--><!--#4DIF ($1=3)-->three<!--#4DELSE-->some<!--#4DENDIF--><!--#4DELSE-->few<!--#4DENDIF-->"; $out; 3)
ALERT($out)
PROCESS 4D TAGS("<!--#4DIF True-->open"; $out)
ALERT($out)
PROCESS 4D TAGS("<!--#4DEACH $a in $1--><!--#4DEACH $b in $a--><!--#4DTEXT $b--><!--#4DENDEACH-->;<!--#4DENDEACH-->"; $out; [[1; 2]; [3]])
ALERT($out)
PROCESS 4D TAGS("<!--#4DINCLUDE nowhere.html--> <!--#4DSCRIPT/nothing/x--> <!--#4DLOOP [Table]-->x<!--#4DENDLOOP-->"; $out)
ALERT($out)

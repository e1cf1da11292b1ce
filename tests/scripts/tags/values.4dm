// Tags write values of all kinds; lower case tags are tags; blocks share their variables
var $t : Text
PROCESS 4D TAGS("<!--#4dtext ?10:00:00?--> <!--#4DTEXT 1.5--> <!--#4DTEXT True--> <!--#4DTEXT Null-->"; $t)
ALERT($t)
PROCESS 4D TAGS("<!--#4dtext 0x10-->"; $t)
ALERT($t)
PROCESS 4D TAGS("<!--#4DCODE\n$x:=0\nFor ($i; 1; 4)\n$x:=$x+$i\nEnd for\n--><!--#4DTEXT $x-->"; $t)
ALERT($t)

// An apostrophe before a vowel or an h ends a keyword; unknown character sets are told by OK
ARRAY TEXT($words; 0)
GET TEXT KEYWORDS("L'homme plante l'arbre, don't O'Neil 10,000 Jean-Pierre"; $words)
var $c : Collection
$c:=[]
ARRAY TO COLLECTION($c; $words)
ALERT($c.join("|"))
var $b : Blob
CONVERT FROM TEXT("A+é€"; "UTF-7"; $b)
ALERT(Convert to text($b; "US-ASCII")+" "+Convert to text($b; 1012))
CONVERT FROM TEXT("é"; "ISO-8859-4:1988"; $b)
ALERT(String($b{0})+" "+String(OK))
ALERT("["+Convert to text($b; "no such set")+"] "+String(OK))

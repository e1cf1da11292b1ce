// commands/session-storage, commands/session-info: ids are 32 hexadecimal digits in capitals, read with hyphens and in small letters too
var $id; $hyphens; $text : Text
$id:=Session.id
$hyphens:=Substring($id; 1; 8)+"-"+Substring($id; 9; 4)+"-"+Substring($id; 13; 4)+"-"+Substring($id; 17; 4)+"-"+Substring($id; 21)
ALERT(String(Length($id))+" "+String(Compare strings($id; Uppercase($id); sk char codes)))
For each ($text; [$id; Lowercase($id); $hyphens; Lowercase($hyphens)])
	ALERT(String(Session storage by ID($text)=Session.storage)+" "+String(Session info($text).ID=$id))
End for each
For each ($text; ["{"+$hyphens+"}"; $id+"0"; " "+$id; Substring($id; 1; 31)+"é"; Replace string($hyphens; "-"; " ")])
	ALERT(String(Session storage($text)=Null)+" "+String(Session info($text)=Null))
End for each
// the last one found is no answer for another id
ALERT(String(Session storage($id)=Null)+" "+String(Session storage(Generate UUID)=Null)+" "+String(Session storage($id)=Session.storage))

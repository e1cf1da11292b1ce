//%attributes = {}
// Sets the settings of the current session twice, then those of a session that does not exist.
var $id; $unknown : Text

$id:=Session.id
$unknown:="00000000000000000000000000000000"

setSessionSettings($id; "first text")
ALERT("first: "+JSON Stringify(Session storage by ID($id)))

setSessionSettings($id; "second text")
ALERT("second: "+JSON Stringify(Session storage by ID($id)))

setSessionSettings($unknown; "nobody reads this")
ALERT("unknown: "+JSON Stringify(Session storage by ID($unknown)))

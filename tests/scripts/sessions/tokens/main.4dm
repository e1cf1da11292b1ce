// One-time tokens lead to their session once, and privileges come from roles.json.
var $token : Text
var $id : Integer

$token:=Session.createOTP(60)
ALERT(Choose(Length($token)=32; "a token"; "no token"))
ALERT(Choose(Session.restore($token); "restored"; "refused"))
ALERT(Choose(Session.restore($token); "restored twice"; "used up"))
ALERT(Choose(Session.restore("no token"); "restored"; "refused"))
ALERT(Choose(Session.restore(Session.createOTP(0)); "restored"; "expired at once"))

ALERT(Choose(Session.setPrivileges("WebAdmin, unknown"); "set"; "not set"))
ALERT(Session.getPrivileges().join(","))
ALERT(Choose(Session.clearPrivileges(); "cleared"; "not cleared"))
ALERT(String(Session.getPrivileges().length))
$id:=promoted()
ALERT(Choose(Session.hasPrivilege("WebAdmin"); "still promoted"; "the function's promotion ended with it"))
$id:=Session.promote("WebAdmin")
ALERT(String($id)+" "+String(Session.promote("webadmin")))
ALERT(String(Session.hasPrivilege("WebAdmin")))
Session.demote($id)
ALERT(String(Session.hasPrivilege("WebAdmin")))
Try
	Session.idleTimeout:=90
Catch
	ALERT("no idle timeout here")
End try

// API/SessionClass: what a standalone session has and has not
var $info : Object
$info:=Session.info
ALERT(OB Keys($info).join(","))
ALERT($info.type+" "+$info.userName+" "+$info.IPAddress+" "+$info.state)
ALERT(String(Match regex("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z"; $info.creationDateTime; 1)))
ALERT(String(Undefined(Session.expirationDate))+" "+String(Undefined(Session.idleTimeout)))
ALERT(String(Session.isGuest())+" "+String(Session.setPrivileges("WebAdmin"))+" "+String(Session.isGuest()))
ALERT(Session.getPrivileges().join(",")+" "+String(Session.hasPrivilege("webadmin")))
Session.setPrivileges({userName: "somebody"})
ALERT(Session.userName)
Try
	Session.storage:=New shared object
Catch
	ALERT("storage is read-only")
End try
Try
	Session.id:="x"
Catch
	ALERT("id is read-only")
End try
Use (Session.storage)
	Try
		Session.storage.private:={a: 1}
	Catch
		ALERT(String(Last errors[0].errCode))
	End try
	Session.storage.scalar:=1
	Session.storage.self:=Session.storage
End use
ALERT(String(Session.storage.scalar)+" "+String(Session.storage.self=Session.storage))
ALERT(String(Process activity.sessions=Null))

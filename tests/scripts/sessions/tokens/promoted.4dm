#DECLARE -> $id : Integer
$id:=Session.promote("WebAdmin")
ALERT(String($id)+" "+Choose(Session.hasPrivilege("WebAdmin"); "promoted"; "not promoted"))

// Making ZIP archives of files, folders and descriptions, and taking them apart
var $folder; $out : 4D.Folder
var $archive : 4D.ZipArchive
var $zip : 4D.File
var $status; $structure; $item : Object
var progress : Integer
var $compression : Integer
$folder:=Folder(Temporary folder; fk platform path).folder("fourd-zip-"+Generate UUID)
$folder.folder("docs/sub/.hidden").create()
$folder.folder("docs/sub/empty").create()
$folder.file("docs/a.txt").setText("hello")
$folder.file("docs/sub/b.txt").setText("bee "*500)
$folder.file("docs/sub/.hidden/c.txt").setText("see")
$zip:=$folder.file("z.zip")

$status:=ZIP Create archive($folder.file("docs/a.txt"); $zip)
ALERT(JSON Stringify($status))
ALERT(ZIP Read archive($zip).root.files().extract("fullName").join(","))
$status:=ZIP Create archive($folder.folder("docs"); $zip)
ALERT(ZIP Read archive($zip).root.folders().extract("fullName").join(","))

$status:=ZIP Create archive($folder.folder("docs"); $zip; ZIP Without enclosing folder+ZIP Ignore invisible files)
$archive:=ZIP Read archive($zip)
ALERT(OB Class($archive).name+" "+OB Class($archive.root).name+" "+$archive.root.path+" "+String($archive.root.parent=Null))
For each ($item; $archive.root.files(fk recursive))
	ALERT($item.path+" "+$item.name+" "+$item.extension+" "+Substring($item.getText(); 1; 5)+" "+OB Class($item).name+" "+String($item.isWritable)+String($item.exists))
End for each 
For each ($item; $archive.root.folders(fk recursive))
	ALERT($item.path+" "+$item.name+" in "+$item.parent.path+" "+String($item.isFolder))
End for each 
ALERT($archive.root.folder("sub").file("b.txt").fullName+" "+String($archive.root.file("nope")=Null)+" "+String($archive.root.file("../up")=Null))
ALERT(String($archive.root.files()[0].getContent().size))

For ($compression; ZIP Compression none; ZIP Compression XZ)
	$structure:={files: [$folder.folder("docs/sub"); {source: $folder.file("docs/a.txt"); destination: "p/q.txt"}; {source: $folder.file("docs/a.txt"); destination: "in/"}]}
	$structure.compression:=$compression
	$structure.level:=10
	$structure.password:="secret"
	$structure.encryption:=ZIP Encryption AES192
	progress:=-1
	$structure.callback:=Formula(progress:=$1)
	$status:=ZIP Create archive($structure; $zip)
	$archive:=ZIP Read archive($zip; "secret")
	ALERT(JSON Stringify($status)+" "+String(progress)+" "+$archive.root.file("p/q.txt").getText()+" "+$archive.root.files(fk recursive).extract("path").sort().join(" "))
End for 

// taking out
$out:=$folder.folder("out")
$out.create()
ALERT($archive.root.file("p/q.txt").copyTo($out; "r.txt").getText())
Try($archive.root.file("p/q.txt").copyTo($out; "r.txt"))
ALERT(String(Last errors[0].errCode))
ALERT($archive.root.file("p/q.txt").copyTo($out; "r.txt"; fk overwrite).fullName)
$archive.root.folder("sub").copyTo($out)
$archive.root.copyTo($out; "all")
ALERT($out.files(fk recursive).extract("path").map(Formula(Replace string($1.value; $2; "")); $out.path).sort().join(" "))

// what cannot be
Try(ZIP Read archive($zip))
ALERT(Substring(Last errors[0].message; Position(": "; Last errors[0].message)))
Try(ZIP Read archive($zip; "wrong"))
ALERT(Substring(Last errors[0].message; Position(": "; Last errors[0].message)))
Try(ZIP Read archive($folder.file("docs/a.txt")))
ALERT(String(Last errors[0].errCode))
ALERT(JSON Stringify(ZIP Create archive({files: [$zip]; encryption: ZIP Encryption AES128}; $folder.file("u.zip"))))
ALERT(String(ZIP Create archive($folder.file("nope"); $folder.file("u.zip")).success)+" "+String($folder.file("u.zip").exists))
ALERT(String(ZIP Create archive({files: [{source: $zip; destination: "../x"}]}; $folder.file("u.zip")).success))
$folder.delete(Delete with contents)

// XPath, nodes of all kinds, options, exports, errors
var $root; $node; $out; $name; $t : Text
var $n : Real
var $d : Date
ARRAY TEXT($found; 0)
ARRAY LONGINT($types; 0)
$t:="<?xml version=\"1.0\" encoding=\"UTF-8\"?><!DOCTYPE shop SYSTEM \"shop.dtd\"><shop><!--c--><book id=\"b1\"><title>One</title><price>29,5</price></book><book id=\"b2\" d=\"2024-02-29T10:00:00Z\"><title>Two</title><price>40</price></book>tail</shop>"
$root:=DOM Parse XML variable($t)
$node:=DOM Find XML element($root; "//book[price>35]/title"; $found)
DOM GET XML ELEMENT VALUE($node; $t)
ALERT($t+" "+String(Size of array($found)))
$node:=DOM Find XML element($root; "//title"; $found)
ALERT(String(Size of array($found))+" "+String($found{1}=$node))
$node:=DOM Find XML element($root; "//nothing"; $found)
ALERT(String(OK)+" "+$node+" "+String(Size of array($found)))
$node:=DOM Find XML element by ID($root; "b2")
DOM GET XML ATTRIBUTE BY NAME($node; "d"; $d)
ALERT(String($d; ISO date))
$node:=DOM Find XML element($root; "book[1]/price")
DOM GET XML ELEMENT VALUE($node; $n)
ALERT(String($n))
DOM GET XML CHILD NODES($root; $types; $found)
ALERT(String($types{1})+" "+$found{1}+" "+String($types{2})+" "+String($types{4})+" "+$found{4})
ALERT(DOM Get XML information($root; DOCTYPE Name)+" "+DOM Get XML information($root; SYSTEM ID)+" "+DOM Get XML information($root; Version))
$node:=DOM Get parent XML element($root; $name)
ALERT($name)
DOM CLOSE XML($root)
Try
	DOM GET XML ELEMENT NAME($root; $name)
Catch
	ALERT("closed")
End try
$root:=DOM Create XML Ref("p:root"; "urn:p")
$node:=DOM Create XML element($root; "/p:root/a/b[2]"; "n"; 1.5; "t"; True; "d"; !2024-01-31!)
DOM SET XML ELEMENT VALUE($root; "/p:root/a/b[1]"; "1 < 2")
DOM EXPORT TO VAR($root; $out)
ALERT($out)
XML SET OPTIONS($root; XML indentation; XML no indentation)
DOM EXPORT TO VAR($root; $out)
ALERT($out)
Try
	$root:=DOM Parse XML variable("<a>\n<b></a>")
Catch
	XML GET ERROR(""; $t; $n)
	ALERT(String(OK)+" line "+String($n))
End try

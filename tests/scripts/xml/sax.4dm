// Writing and reading XML with SAX commands
var $folder : 4D.Folder
var $path; $name; $prefix; $value; $encoding; $version : Text
var $doc : Time
var $event : Integer
var $standalone : Boolean
$folder:=Folder(Temporary folder; fk platform path).folder("fourd-sax-"+Generate UUID)
$folder.create()
$path:=$folder.file("a.xml").platformPath

$doc:=Create document($path)
SAX SET XML DECLARATION($doc; "UTF-8"; True)
SAX ADD XML DOCTYPE($doc; "Books SYSTEM \"Book.DTD\"")
SAX ADD XML COMMENT($doc; "Created by 4D")
SAX ADD PROCESSING INSTRUCTION($doc; "xml-stylesheet type=\"text/xsl\" href=\"style.xsl\"")
SAX OPEN XML ELEMENT($doc; "Books")
SAX OPEN XML ELEMENT($doc; "Book"; "Font"; "Ari\"al"; "Date"; String(!2024-02-03!; ISO date))
SAX ADD XML ELEMENT VALUE($doc; "a < b & c")
SAX CLOSE XML ELEMENT($doc)
ARRAY TEXT($names; 2)
ARRAY TEXT($values; 2)
$names{1}:="Font"
$values{1}:="Arial"
$names{2}:="Style"
$values{2}:="Bold"
SAX OPEN XML ELEMENT ARRAYS($doc; "Book"; $names; $values)
SAX CLOSE XML ELEMENT($doc)
SAX OPEN XML ELEMENT($doc; "script")
SAX ADD XML CDATA($doc; "if (a < b) ]]> end")
SAX CLOSE XML ELEMENT($doc)
SAX OPEN XML ELEMENT($doc; "deep")
SAX OPEN XML ELEMENT($doc; "x:deeper"; "n"; 12.5)
SAX ADD XML ELEMENT VALUE($doc; 42)
CLOSE DOCUMENT($doc)
ALERT(Document to text($path))

$doc:=Create document($path)
XML SET OPTIONS($doc; XML indentation; XML no indentation; XML string encoding; XML raw data)
SAX OPEN XML ELEMENT($doc; "a")
SAX ADD XML ELEMENT VALUE($doc; "<b/>")
SAX ADD XML ELEMENT VALUE($doc; "<"; *)
CLOSE DOCUMENT($doc)
ALERT(Document to text($path))

// errors
$doc:=Create document($path)
Try(SAX ADD XML CDATA($doc; "nowhere"))
ALERT(String(OK)+" "+Last errors[0].message)
Try(SAX OPEN XML ELEMENT($doc; "not a name"))
ALERT(Last errors[0].message)
Try(SAX CLOSE XML ELEMENT($doc))
ALERT(Last errors[0].message)
SAX OPEN XML ELEMENT($doc; "a")
Try(SAX SET XML DECLARATION($doc; "UTF-8"))
ALERT(Last errors[0].message)
CLOSE DOCUMENT($doc)
Try(SAX CLOSE XML ELEMENT($doc))
ALERT(Last errors[0].message)

// reading
TEXT TO DOCUMENT($path; "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?><!-- a comment --><?PI TextProcess now?>"\
	+"<!DOCTYPE body [<!ENTITY name \"Replacement\">]><body xmlns:n=\"urn:n\"><n:element Att1=\"111\" Att2=\"&lt;\">by &name;</n:element>"\
	+"<e/><![CDATA[MyCData]]><b>SGVsbG8=</b></body>")
$doc:=Open document($path; "xml"; Read mode)
ARRAY TEXT($attributes; 0)
ARRAY TEXT($contents; 0)
var $blob : Blob
Repeat 
	$event:=SAX Get XML node($doc)
	Case of 
		: ($event=XML start document)
			SAX GET XML DOCUMENT VALUES($doc; $encoding; $version; $standalone)
			ALERT("start "+$encoding+" "+$version+" "+String($standalone))
		: ($event=XML comment)
			SAX GET XML COMMENT($doc; $value)
			ALERT("comment ["+$value+"]")
		: ($event=XML processing instruction)
			SAX GET XML PROCESSING INSTRUCTION($doc; $name; $value)
			ALERT("instruction "+$name+" "+$value)
		: ($event=XML entity)
			SAX GET XML ENTITY($doc; $name; $value)
			ALERT("entity "+$name+" "+$value)
		: ($event=XML start element)
			SAX GET XML ELEMENT($doc; $name; $prefix; $attributes; $contents)
			ALERT("<"+$prefix+" "+$name+" "+String(Size of array($attributes)))
			If (Size of array($attributes)>0)
				ALERT("  "+$attributes{1}+"="+$contents{1})
			End if 
		: ($event=XML end element)
			SAX GET XML ELEMENT($doc; $name; $prefix; $attributes; $contents)
			ALERT(">"+$prefix+" "+$name)
		: ($event=XML DATA)
			SAX GET XML ELEMENT VALUE($doc; $value)
			SAX GET XML ELEMENT VALUE($doc; $blob)
			ALERT("data "+$value+" "+String(BLOB size($blob)))
		: ($event=XML CDATA)
			SAX GET XML CDATA($doc; $value)
			SAX GET XML CDATA($doc; $blob)
			ALERT("cdata "+$value+" "+BLOB to text($blob; UTF8 text without length))
			Try(SAX GET XML COMMENT($doc; $value))
			ALERT(Last errors[0].message)
	End case 
Until ($event=XML end document)
CLOSE DOCUMENT($doc)

TEXT TO DOCUMENT($path; "<a><b></a>")
$doc:=Open document($path)
Try(SAX Get XML node($doc))
ALERT(String(OK)+" "+Last errors[0].message)
CLOSE DOCUMENT($doc)

$folder.delete(Delete with contents)

// First worker: hands on lines without blanks at their ends, and no empty ones. Null ends the work.
#DECLARE($line : Variant; $done : 4D.Signal)

Case of 
	: ($line=Null)
		CALL WORKER("counter"; "countWords"; Null; $done)
	: (Trim($line)#"")
		CALL WORKER("counter"; "countWords"; Trim($line); $done)
End case 

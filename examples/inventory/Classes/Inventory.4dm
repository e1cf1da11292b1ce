// The one inventory of the application, for all processes.
property stock : Object
property entries : Integer

shared singleton Class constructor()
	This.stock:=New shared object
	This.entries:=0
	
	// A shared function: nobody else changes the inventory while it runs.
shared Function enter($article : Text)
	This.stock[$article]:=Num(This.stock[$article])+1
	This.entries+=1
	
Function articles()->$articles : Collection
	$articles:=OB Keys(This.stock).sort()

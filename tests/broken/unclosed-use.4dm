Use (Storage)
	Storage.x:=New shared object

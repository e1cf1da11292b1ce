property itemList : Collection:=[]
session singleton Class constructor()
shared Function addItem($item : Object)
	This.itemList.push($item)

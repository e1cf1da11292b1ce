property radius : Real

Class extends Shape

Class constructor($radius : Real)
	Super("circle")
	This.radius:=$radius
	
Function area()->$area : Real
	$area:=Pi*This.radius*This.radius

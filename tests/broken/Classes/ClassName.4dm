Class Person
Class constructor
This.a:=1

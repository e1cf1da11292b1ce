property n : Integer
property t : Text:="q"
property d : Date
Class constructor()

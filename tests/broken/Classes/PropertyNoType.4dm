property name : 
Class constructor

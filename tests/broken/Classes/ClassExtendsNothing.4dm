Class extends
Class constructor

Class extends C2

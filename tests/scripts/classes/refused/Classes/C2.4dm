Class extends C1

Class extends File

// What years of two digits mean
ALERT(String(Year of(Date("01/25/97")))+" "+String(Year of(Date("01/25/29"))))
SET DEFAULT CENTURY(20)
ALERT(String(Year of(Date("01/25/97")))+" "+String(Year of(Date("01/25/07"))))
SET DEFAULT CENTURY(19; 95)
ALERT(String(Year of(Date("01/25/97")))+" "+String(Year of(Date("01/25/07"))))
ALERT(String(Year of(Date("01/25/1907"))))

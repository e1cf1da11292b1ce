// A separator of letters is found in either case
ALERT(Split string("oneXtwoxthree"; "x").join("|"))
ALERT(Split string("AND"; "and").join("|"))
ALERT(Split string("salt And pepper and oil"; " and ").join("|"))

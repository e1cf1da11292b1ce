// Add to date makes dates of numbers when it starts from the null date
ALERT(String(Add to date(!00-00-00!; 2024; 2; 29); ISO date))
ALERT(String(Add to date(!00-00-00!; 2023; 13; 1); ISO date))
ALERT(String(Add to date(!00-00-00!; 2024; 3; 1)-1; ISO date))
ALERT(String(Add to date(!00-00-00!; 2024; 1; 60); ISO date))
ALERT(String(Add to date(!00-00-00!; 0; 0; 0)=!00-00-00!))

ALERT(“hello”)

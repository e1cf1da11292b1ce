ALERT("a", "b")

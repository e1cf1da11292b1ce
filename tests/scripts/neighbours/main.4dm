// Methods beside a script and classes in `Classes` are found, whatever the case of a method's name.
var $greeter : cs.Greeter
$greeter:=cs.Greeter.new("Hello")
ALERT(SHOUT($greeter.greet("world")))

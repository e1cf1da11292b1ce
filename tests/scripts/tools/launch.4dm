// Other programs: input, output, errors, environment, one that is not there
var $in; $out; $err : Text
var $b : Blob
$in:="from 4D\nto cat"
LAUNCH EXTERNAL PROCESS("cat"; $in; $out)
ALERT(String(OK)+" "+$out)
SET ENVIRONMENT VARIABLE("FOURD_TEST"; "a value")
LAUNCH EXTERNAL PROCESS("sh -c 'printf %s \"$FOURD_TEST\"; echo oops >&2'"; ""; $b; $err)
ALERT(BLOB to text($b; UTF8 text without length)+" "+$err)
LAUNCH EXTERNAL PROCESS("/no/such/program"; $in; $out)
ALERT(String(OK))

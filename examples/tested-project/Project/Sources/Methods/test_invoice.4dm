//%attributes = {}
var $invoice : cs.Invoice

$invoice:=cs.Invoice.new(20)
ASSERT($invoice.total=0; "nothing on it yet")

$invoice.add("tea"; 3; 450).add("cup"; 1; 1250)
ASSERT($invoice.lines.length=2)
ASSERT($invoice.net=2600)
ASSERT($invoice.total=3120)

//! Advice that is given, and code of which none is given.

use fourd::code::check::{CODES, advice};
use fourd::syntax::{NoNames, parse};
use fourd::text::Source;

/// The codes of all advice on a text, in order of place.
fn codes(path: &str, text: &str) -> Vec<&'static str> {
    let source = Source::new(path, text.to_owned());
    let parsed = parse(&source, &NoNames);
    assert!(parsed.diagnostics.is_empty(), "{text}: {:?}", parsed.diagnostics);
    advice(&source, &parsed.file).into_iter().map(|found| found.code).collect()
}

const GIVEN: &[(&str, &str)] = &[
    ("L0001", "var $a; $b : Text\nALERT($a)"),
    ("L0001", "C_LONGINT($a)\n#DECLARE($p : Text)"),
    ("L0001", "ARRAY TEXT($list; 0)"),
    ("L0002", "var $a : Integer\n$a:=1\n$a:=2"),
    ("L0002", "var $a : Integer:=1"),
    ("L0003", "var $a : Text\n$b:=$a\nALERT($b)"),
    ("L0004", "If ($1)\n\treturn\n\tALERT(\"a\")\nEnd if"),
    ("L0004", "While ($1)\n\tIf ($2)\n\t\tbreak\n\tElse\n\t\tcontinue\n\tEnd if\n\tALERT(\"a\")\nEnd while"),
    ("L0005", "Case of\n\t: (True)\n\t\tALERT(\"a\")\n\t: ($1=2)\n\t\tALERT(\"b\")\nEnd case"),
    ("L0005", "Case of\n\t: ($1=2)\n\t\tALERT(\"a\")\n\t: ($1=2)\n\t\tALERT(\"b\")\nEnd case"),
    ("L0006", "#DECLARE($a : Text)\nIf ($a=Null)\nEnd if"),
    ("L0006", "C_DATE($1)\nIf (Null#$1)\nEnd if"),
    ("L0007", "var $o : Object\n$o:=New shared object\n$o.a:=1"),
    ("L0008", "ALERT(\"a\");"),
];

const QUIET: &[&str] = &[
    // Parameters and results are the caller's.
    "#DECLARE($a : Text; $b : Integer)->$c : Text\n$c:=\"\"",
    "C_TEXT($0; $1)\n$0:=\"\"",
    // What a command puts into a variable.
    "var $path; $name : Text\nGET SYSTEM WINDOW($path; $name)",
    "var $i : Integer\nFor ($i; 1; 3)\nEnd for",
    "var $e : Object\nFor each ($e; $1)\nEnd for each",
    // A result that nobody wants.
    "var $ignored : Boolean\n$ignored:=Folder(\"a\").create()",
    // Formulas, queries and SQL see variables by name.
    "var $a : Text\n$a:=\"x\"\nEXECUTE FORMULA(\"ALERT($a)\")",
    "var $o : Object\n$o:=New object\n$o.a:=1",
    "var $p : Pointer; $x : Integer\n$p:=->$x\n$p->:=1",
    // Undeclared throughout: the way of this method.
    "$a:=1\nALERT(String($a))",
    "If ($1)\n\treturn\nElse\n\tALERT(\"a\")\nEnd if\nALERT(\"b\")",
    // A call may answer differently the second time.
    "Case of\n\t: (Next())\n\t\tALERT(\"a\")\n\t: (Next())\n\t\tALERT(\"b\")\nEnd case",
    "Case of\n\t: ($1=2)\n\t\tALERT(\"a\")\n\t: (True)\n\t\tALERT(\"b\")\nEnd case",
    "#DECLARE($a : Object; $b; $c : Variant)\nIf (($a=Null) | ($b=Null) | ($c#Null))\nEnd if",
    "var $o : Object\n$o:=New shared object\nUse ($o)\n\t$o.a:=1\nEnd use",
    "var $o : Object\n$o:=New shared object\n$o:=New object\n$o.a:=1",
];

#[test]
fn given() {
    for (code, text) in GIVEN {
        assert_eq!(codes("a.4dm", text), [*code], "{text}");
    }
    for (code, _) in CODES {
        assert!(GIVEN.iter().any(|(given, _)| given == code), "{code} has no example");
    }
}

#[test]
fn quiet() {
    for text in QUIET {
        assert_eq!(codes("a.4dm", text), [""; 0], "{text}");
    }
}

#[test]
fn functions_of_classes() {
    let class =
        "Class constructor($a : Text)\n\tvar $b : Text\n\nFunction f()\n\tvar $c : Text\n\tALERT($c)\n";
    assert_eq!(codes("Classes/A.4dm", class), ["L0001"]);
}

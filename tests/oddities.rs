//! What is odd and valid all the same: none of it may be reported.

use fourd::syntax::{ProjectNames, parse};
use fourd::text::{Format, Severity, Source, render};

/// Each with the reason why someone might think it wrong.
const METHODS: &[(&str, &str)] = &[
    ("declared by number", "var ${2} : Integer\nvar $a; ${3} : Text"),
    ("declaration begun by a continuation", "var \\\n$a; \\\n$b : Text\n\nvar \\\n${2} : Text"),
    ("member of what a pointer leads to", "$p->type:=\"x\"\n$n:=$p->length+$p->query(\"a=1\").length"),
    ("target in brackets", "(Get pointer(\"a\")->):=0\n($a):=1"),
    ("condition of a loop without brackets", "For each ($a; $c) Until $found\nEnd for each"),
    ("semicolon at the end", "$a:=1;\n$b.do();\n$c:=\"a\";"),
    (
        "variables with spaces",
        "C_POINTER($My box; $My box 2)\n$My box:=->$My box 2\n<>Last one:=3\nIf ($n M>0)\nEnd if",
    ),
    ("variable named as a keyword", "C_LONGINT(try)\ntry:=try+1\nIf (try=1)\nEnd if"),
    ("plug-in command with a keyword in it", "cal SET PROPERTY($a; 1)\ncal Set App Property($a; 2)"),
    ("field of a subtable", "[Doc]Parts'Name:=\"a\"\n$a:=[Doc:3]Parts:4'Age:2+1"),
    ("end of a block with a continuation", "While ($a)\nEnd while \\\n\n$b\\\n:=\\\n1"),
    ("two slashes before a star in a block comment", "/* //*** and \"'//*[@a]\" */\n$a:=1"),
    ("commas in names of old declarations", "C_LONGINT(h16,h17; $a,; $b)\nC_TEXT(a,b,c)"),
    ("command that 4D knows by its number only", "$a:=:C1776\nIf (:C1776=1)\nEnd if\n$b:=$a ? :C1776 : 2"),
    ("field without a name", "$a:=[Films:1]:13+1\nIf ([Films:1]:13=\"\")\nEnd if"),
    ("name in brackets of an old structure", "QUERY([(Menu)]; [(Menu)]parent=0)\n[(Menu):2]Title:3:=\"a\""),
    ("methods that spell French words", "Si\nSinon($a)"),
];

const CLASSES: &[(&str, &str)] = &[
    ("properties begun by a continuation", "property \\\na; \\\nb : Text\nproperty c\\\n : Integer"),
    ("function begun and not written", "Function a()\n\t$b:=1\n\nFunction"),
];

fn errors(path: &str, text: &str) -> String {
    let mut names = ProjectNames::new();
    names.add_method("Si");
    names.add_method("sinon");
    let source = Source::new(path, text.to_owned());
    let parsed = parse(&source, &names);
    let errors = parsed.diagnostics.iter().filter(|found| found.severity == Severity::Error);
    errors.map(|found| render(&source, found, Format::Human { colour: false })).collect()
}

#[test]
fn valid_in_methods() {
    for (what, text) in METHODS {
        assert_eq!(errors("a.4dm", text), "", "{what}");
    }
}

#[test]
fn valid_in_classes() {
    for (what, text) in CLASSES {
        assert_eq!(errors("Classes/A.4dm", text), "", "{what}");
    }
}

#[test]
fn misspelt_keywords_that_look_like_calls() {
    for text in ["If (True)\n\tEsle\nEnd if", "Whlie ($a)\nEnd while"] {
        let found = errors("a.4dm", text);
        assert_eq!(found.matches("did you mean").count(), 1, "{found}");
        assert_eq!(found.matches("Error").count(), 1, "{found}");
    }
    assert_eq!(errors("a.4dm", "Match\nMatch($a)\nBatch\nForm\nEsleLike"), "");
}

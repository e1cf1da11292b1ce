//! Whatever stands in a file, parsing it ends, and what is said about it lies inside the text.

use fourd::syntax::{NoNames, parse, print};
use fourd::text::{Format, Source, render};
use proptest::prelude::*;

const PIECES: &[&str] = &[
    "If",
    "Else",
    "End if",
    "Case of",
    ":",
    "End case",
    "While",
    "End while",
    "For",
    "For each",
    "End for",
    "End for each",
    "Repeat",
    "Until",
    "Use",
    "End use",
    "Try",
    "Catch",
    "End try",
    "return",
    "var",
    "#DECLARE",
    "Function",
    "Class constructor",
    "property",
    "Alias",
    "Begin SQL",
    "End SQL",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "[[",
    "]]",
    "${",
    ";",
    ":=",
    "+=",
    "->",
    ".",
    "...",
    "+",
    "-",
    "*",
    "?",
    "=",
    "#",
    "<",
    ">",
    "<>",
    "$a",
    "b",
    "[T]F",
    "[T]",
    "1",
    "1.5",
    "\"x\"",
    "!2024-01-31!",
    "?12:00:00?",
    "Length",
    "Is text",
    "\n",
    "\n",
    "\n\t",
    " ",
    " ",
    "\\\n",
    "// x\n",
    "/*",
    "*/",
    "\"",
    "!",
    "é",
    "\r",
];

fn hold(path: &str, text: String) {
    let source = Source::new(path, text);
    let parsed = parse(&source, &NoNames);
    for diagnostic in &parsed.diagnostics {
        let span = diagnostic.span;
        assert!(span.start <= span.end && span.end as usize <= source.text().len());
        assert!(source.text().get(span.range()).is_some(), "on character boundaries");
        for format in [Format::Human { colour: false }, Format::Json, Format::Github] {
            assert!(!render(&source, diagnostic, format).is_empty());
        }
    }
    let _ = print::file(&parsed.file);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_text(text in any::<String>()) {
        hold("a.4dm", text);
    }

    #[test]
    fn any_pieces(picks in prop::collection::vec(0..PIECES.len(), 0..120)) {
        let text: String = picks.into_iter().map(|pick| PIECES[pick]).collect();
        hold("a.4dm", text.clone());
        hold("Classes/A.4dm", text);
    }
}

/// Nesting without end, of every kind.
#[test]
fn deep_nesting() {
    const N: usize = 100_000;
    let programs = [
        format!("$a:={}1{}\n", "(".repeat(N), ")".repeat(N)),
        format!("$a:={}", "(".repeat(N)),
        format!("$a:={}1\n", "-".repeat(N)),
        format!("$a:={}$b\n", "->".repeat(N)),
        format!("$a:={}3\n", "1 ? 2 : ".repeat(N)),
        format!("$a:={}2{}\n", "1 ? ".repeat(N), " : 3".repeat(N)),
        format!("$a:={}\n", "[{a: ".repeat(N)),
        format!("{}{}", "If (1)\n".repeat(N), "End if\n".repeat(N)),
        "If (1)\n".repeat(N),
        "End if\n".repeat(N),
    ];
    for program in programs {
        let source = Source::new("deep.4dm", program);
        let parsed = parse(&source, &NoNames);
        assert!(!parsed.diagnostics.is_empty());
        assert!(parsed.diagnostics.len() <= 201, "{}", parsed.diagnostics.len());
    }
}

/// Long, but not deep: chains are flat.
#[test]
fn long_chains() {
    for program in [format!("$a:={}1\n", "1+".repeat(100_000)), format!("$a{}\n", ".b(1)".repeat(100_000))] {
        let source = Source::new("long.4dm", program);
        assert!(parse(&source, &NoNames).diagnostics.is_empty());
    }
}

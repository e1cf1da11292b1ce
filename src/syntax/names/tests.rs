use super::*;
use proptest::prelude::*;

fn names() -> ProjectNames {
    let mut names = ProjectNames::new();
    for method in ["My method", "My method two", "2 do list", "Length of it", "Été à Paris", "Single"] {
        names.add_method(method);
    }
    names.add_table("People", ["First Name", "Name"]);
    names
}

/// Each token as its kind and text, and the codes found.
fn show_with(source: &str, known: &dyn KnownNames) -> String {
    let mut diagnostics = Vec::new();
    let tokens = tokenize(source, known, &mut diagnostics);
    let word = |token: &Token| {
        let text = &source[token.span.range()];
        match token.kind {
            TokenKind::Command(id) => format!("C{}‹{text}›", id.0),
            TokenKind::Constant(id) => format!("K‹{}›", id.info().name),
            TokenKind::Keyword(keyword) => format!("{keyword:?}"),
            TokenKind::Name => format!("‹{text}›"),
            TokenKind::LineEnd => "/".to_owned(),
            TokenKind::Integer(n) => format!("{n}"),
            TokenKind::Real(n) => format!("{n:?}"),
            TokenKind::Date { year, month, day } => format!("{year}-{month}-{day}"),
            TokenKind::Time(seconds) => format!("{seconds}s"),
            TokenKind::OpenBracket
            | TokenKind::CloseBracket
            | TokenKind::Text
            | TokenKind::Local
            | TokenKind::Interprocess => text.to_owned(),
            TokenKind::Table => format!("Table‹{text}›"),
            TokenKind::Field => format!("Field‹{text}›"),
            TokenKind::OpenCharacter => "‹[[›".to_owned(),
            TokenKind::CloseCharacter => "‹]]›".to_owned(),
            TokenKind::SqlText => format!("Sql{text:?}"),
            TokenKind::Unknown => format!("?{text}?"),
            _ => text.to_owned(),
        }
    };
    let mut words: Vec<String> = tokens.iter().map(word).collect();
    words.extend(diagnostics.iter().map(|d| d.code.to_owned()));
    words.join(" ").trim_end_matches(" /").to_owned()
}

fn check(cases: &[(&str, &str)]) {
    for (source, expected) in cases {
        assert_eq!(&show_with(source, &NoNames), expected, "{source:?}");
    }
}

#[test]
fn literals() {
    check(&[
        ("12 12.5 1e5 1.5E-3 0xFF 4000000000", "12 12.5 100000.0 0.0015 255 4000000000.0"),
        ("$a:=.5", "$a := 0.5"),
        (r#""a\"b" """#, r#""a\"b" """#),
        ("!2024-01-31! !00-00-00! !12/04/98!", "2024-1-31 0-0-0 1998-12-4"),
        ("?12:30:00? ?00:00:00?", "45000s 0s"),
        ("$x ? 1 : 2", "$x ? 1 : 2"),
        ("$x?1:2", "$x ? 1 : 2"),
        ("$a ?? 3; $a ?+ 2; $a ?- 1", "$a ?? 3 ; $a ?+ 2 ; $a ?- 1"),
        ("$a+=1", "$a += 1"),
        ("$a:=b\\c%d^e^|f&&g||h", "$a := ‹b› \\ ‹c› % ‹d› ^ ‹e› ^| ‹f› && ‹g› || ‹h›"),
    ]);
}

#[test]
fn names_of_several_words() {
    check(&[
        ("New shared object", "C1526‹New shared object›"),
        ("new  Object(\"a\")", "C1471‹new  Object› ( \"a\" )"),
        ("New thing", "‹New thing›"),
        ("Progress SET TITLE($a)", "‹Progress SET TITLE› ( $a )"),
        ("$a:=Date to text", "$a := ‹Date to text›"),
        ("foo End if", "‹foo› EndIf"),
        ("New\nobject", "‹New› / ‹object›"),
        ("New/**/object", "‹New› ‹object›"),
        ("4D.File", "C1709‹4D› . ‹File›"),
        ("4D Desktop", "K‹4D Desktop›"),
        ("64 bit version+64", "K‹64 bit version› + 64"),
        ("Orientation 90° right", "K‹Orientation 90° right›"),
        ("POP3 authentication CRAM-MD5;1", "K‹POP3 authentication CRAM-MD5› ; 1"),
        ("USE SET(\"a\")", "C118‹USE SET› ( \"a\" )"),
        ("$4DZ:=$1+$0", "$4DZ := $1 + $0"),
        ("😀:=1", "‹😀› := 1"),
        ("Super(1)", "C1705‹Super› ( 1 )"),
        ("Super.f()", "C1706‹Super› . ‹f› ( )"),
        ("Session storage by ID(1)", "C1839‹Session storage by ID› ( 1 )"),
    ]);
}

#[test]
fn suffixes_say_what_is_meant() {
    check(&[
        ("Length:C16($a)", "C16‹Length:C16› ( $a )"),
        ("Non:C34($a)", "C34‹Non:C34› ( $a )"),
        ("Nouvel objet:C1471", "C1471‹Nouvel objet:C1471›"),
        ("return New object:C1471(1)", "Return C1471‹New object:C1471› ( 1 )"),
        ("Is text:K8:3", "K‹Is text›"),
        ("Est un texte:K8:3", "K‹Is text›"),
        ("$x ? 1:C12", "$x ? 1 : ‹C12›"),
        ("$x ? a : C12", "$x ? ‹a› : ‹C12›"),
        ("foo:C9999", "‹foo:C9999› / E0008"),
        ("PDF REMOVE:P14000:1(a)", "‹PDF REMOVE:P14000:1› ( ‹a› )"),
        ("[People:1]Name:2", "Field‹[People:1]Name:2›"),
        ("[People:1]First Name:2:=1", "Field‹[People:1]First Name:2› := 1"),
        ("ALL RECORDS:C47([People:1])", "C47‹ALL RECORDS:C47› ( Table‹[People:1]› )"),
    ]);
}

#[test]
fn keywords_and_their_places() {
    check(&[
        ("if(a)\nend  IF", "If ( ‹a› ) / EndIf"),
        ("For each($a;$c)While($b)", "ForEach ( $a ; $c ) While ( $b )"),
        ("End for each", "EndForEach"),
        ("End for\nEnd case", "EndFor / EndCase"),
        ("Case of\n:(a)\nElse", "CaseOf / : ( ‹a› ) / Else"),
        ("$a:=Try(f)", "$a := Try ( ‹f› )"),
        ("var $a; $b : Date:=Date($c)", "Var $a ; $b : ‹Date› := C102‹Date› ( $c )"),
        ("var $f : 4D.File", "Var $f : ‹4D› . ‹File›"),
        ("var $o : Object:={a: Length($b)}", "Var $o : ‹Object› := { ‹a› : C16‹Length› ( $b ) }"),
        ("#DECLARE($d : Time)->$r : Text", "Declare ( $d : ‹Time› ) -> $r : ‹Text›"),
        ("$a#declare", "$a # ‹declare›"),
        (
            "property length; If : Date:=Current date; name",
            "Property ‹length› ; ‹If› : ‹Date› := C33‹Current date› ; ‹name›",
        ),
        ("property:=1", "‹property› := 1"),
        ("Function get length()->$a : Time", "Function ‹get› ‹length› ( ) -> $a : ‹Time›"),
        ("Function use", "Function ‹use›"),
        (
            "session singleton Class constructor($d : Date)",
            "‹session› ‹singleton› ClassConstructor ( $d : ‹Date› )",
        ),
        (
            "exposed onHTTPGet Function f : 4D.OutgoingMessage",
            "‹exposed› ‹onHTTPGet› Function ‹f› : ‹4D› . ‹OutgoingMessage›",
        ),
        ("Session.storage", "C1714‹Session› . ‹storage›"),
        ("exposed Alias length Date.If", "‹exposed› Alias ‹length› ‹Date› . ‹If›"),
        ("Class extends cs.Date", "ClassExtends ‹cs› . ‹Date›"),
    ]);
}

#[test]
fn members_and_keys_are_plain_names() {
    check(&[
        ("$o.length+$o.If.new", "$o . ‹length› + $o . ‹If› . ‹new›"),
        ("$o.$+$o.$a$b", "$o . ‹$› + $o . ‹$a$b›"),
        ("{name: 1; Length: 2; true: 3; $x: 4}", "{ ‹name› : 1 ; ‹Length› : 2 ; ‹true› : 3 ; ‹$x› : 4 }"),
        ("{\"a b\": Length($a)}", "{ \"a b\" : C16‹Length› ( $a ) }"),
        ("{a: {Length: [1; Length]}}", "{ ‹a› : { ‹Length› : [ 1 ; C16‹Length› ] } }"),
        ("$a{Length($b)}", "$a { C16‹Length› ( $b ) }"),
        ("$a.b.\\\n length", "$a . ‹b› . ‹length›"),
    ]);
}

#[test]
fn brackets_by_context() {
    check(&[
        ("$t[[1]]", "$t ‹[[› 1 ‹]]›"),
        ("$t[[$c[$d[0]]]]", "$t ‹[[› $c [ $d [ 0 ] ] ‹]]›"),
        ("$c:=[[1;2];[3]]", "$c := [ [ 1 ; 2 ] ; [ 3 ] ]"),
        ("$c[$d[1]]", "$c [ $d [ 1 ] ]"),
        ("$c[name]", "$c [ ‹name› ]"),
        ("[Products]Part Number:=1", "Field‹[Products]Part Number› := 1"),
        ("->[A]b", "-> Field‹[A]b›"),
        ("$p->[0]", "$p -> [ 0 ]"),
        ("f([a])", "‹f› ( [ ‹a› ] )"),
        ("${1}{2}", "${ 1 } { 2 }"),
        ("<>a<<>b<<2", "<>a < <>b << 2"),
        ("a{1}{2}", "‹a› { 1 } { 2 }"),
        ("$p->:=3", "$p -> := 3"),
    ]);
}

#[test]
fn comments_and_lines() {
    check(&[
        ("a // c\nb", "‹a› / ‹b›"),
        ("a // c \\\n still\nb", "‹a› / ‹b›"),
        ("a /* x /* y */ z */ + b", "‹a› + ‹b›"),
        ("a:=1+\\\r\n2\rb", "‹a› := 1 + 2 / ‹b›"),
        ("a:=1+\\ // why\n\n\n2", "‹a› := 1 + 2"),
        ("a:=1\\\n\nb:=2", "‹a› := 1 / ‹b› := 2"),
        ("a:=4\\2", "‹a› := 4 \\ 2"),
        ("\u{FEFF}\u{FEFF}a\r\n\r\n\nb\n", "‹a› / ‹b›"),
        ("", ""),
        ("Begin SQL\n SELECT '/* x\n end sql // c\na", "BeginSql Sql\" SELECT '/* x\\n\" EndSql / ‹a›"),
        ("Begin SQL\n SELECT", "BeginSql Sql\" SELECT\""),
    ]);
}

#[test]
fn what_is_wrong_has_a_code() {
    check(
        &[
            ("$a:=\"abc\nb", "$a := \"abc / ‹b› / E0001"),
            ("a /* b", "‹a› / E0002"),
            ("!b", "?!? ‹b› / E0053"),
            ("!2024-02-31!", "0-0-0 / E0004"),
            ("a:=“b”", "‹a› := “b” / E0005"),
            ("@@@", "?@@@? / E0005"),
            ("$ :=1", "?$? := 1 / E0006"),
            ("1e999", "inf / E0007"),
        ]
        .map(|(source, expected): (&str, &str)| (source, expected)),
    );
}

#[test]
fn names_of_the_project() {
    let known = names();
    let cases = [
        ("My method(1)", "‹My method› ( 1 )"),
        ("my METHOD two", "‹my METHOD two›"),
        ("My methods", "‹My methods›"),
        ("2 do list(1)", "‹2 do list› ( 1 )"),
        ("Length of it", "‹Length of it›"),
        ("ÉTÉ à paris", "‹ÉTÉ à paris›"),
        ("[people]First Name", "Field‹[people]First Name›"),
        ("ALL RECORDS([PEOPLE])", "C47‹ALL RECORDS› ( Table‹[PEOPLE]› )"),
        ("f([other])", "‹f› ( [ ‹other› ] )"),
    ];
    for (source, expected) in cases {
        assert_eq!(show_with(source, &known), expected, "{source:?}");
    }
}

#[test]
fn no_keyword_is_a_name_of_the_catalog() {
    for name in ["If", "Use", "Try", "Return", "Break", "Continue", "Var", "Repeat", "Case of", "For each"] {
        assert_eq!(catalog::longest(name.split(' ')), None, "{name}");
    }
}

/// Spans ascend, do not overlap, lie in the text, and leave out only blanks and comments.
fn well_formed(source: &str) {
    let mut diagnostics = Vec::new();
    let tokens = tokenize(source, &names(), &mut diagnostics);
    let mut end = 0;
    for token in &tokens {
        assert!(token.span.start >= end && token.span.end >= token.span.start, "{source:?} {token:?}");
        let gap = source.get(end as usize..token.span.start as usize).expect("whole characters");
        let gap = gap
            .trim_matches(|c: char| !known::is_name_char(c) && !c.is_ascii_punctuation() || c.is_control());
        // What other languages take for the beginning of a comment is told and left out.
        let foreign = gap.starts_with(['`', '\''])
            && diagnostics.iter().any(|found| found.code == crate::syntax::codes::FOREIGN_COMMENT);
        let left_out = gap.is_empty() || gap.starts_with(['/', '\\']) || foreign;
        assert!(left_out, "{source:?} leaves out {gap:?}");
        assert!(source.get(token.span.range()).is_some(), "{source:?} {token:?}");
        end = token.span.end;
    }
    assert!(diagnostics.iter().all(|d| source.get(d.span.range()).is_some()));
}

const PIECES: &[&str] = &[
    "If",
    "End",
    "for",
    "each",
    " ",
    "  ",
    "\n",
    "\\",
    "\\\n",
    "//",
    "/*",
    "*/",
    "\"",
    "[",
    "]",
    "[[",
    "]]",
    "{",
    "}",
    "${",
    "(",
    ")",
    ":",
    ":=",
    ";",
    ".",
    "$",
    "$a",
    "<>",
    "<<>b",
    "New",
    "object",
    "4D",
    "1",
    "1.5",
    "e5",
    "0x",
    ":C16",
    ":K8:3",
    ":5",
    "!",
    "2024-01-31",
    "?",
    "12:30:00",
    "->",
    "#",
    "DECLARE",
    "Begin SQL\n",
    "End SQL",
    "Function",
    "property",
    "Class",
    "constructor",
    "shared",
    "var",
    "é",
    "😀",
    "\u{FEFF}",
    "\r",
    "My method",
    "2 do",
    "[People]First",
    "@",
    "°",
];

proptest! {
    #[test]
    fn any_bytes_give_tokens(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        well_formed(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn any_pieces_give_tokens(picks in proptest::collection::vec(0..PIECES.len(), 0..60)) {
        let source: String = picks.iter().map(|&i| PIECES[i]).collect();
        well_formed(&source);
    }
}

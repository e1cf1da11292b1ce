use super::*;

fn regex(pattern: &str, whole: bool, text: &str) -> Result<Regex> {
    compile(&Key { pattern: pattern.into(), whole, lines: lines_of(text) })
}

/// The first match in a text.
fn find(pattern: &str, text: &str) -> Option<String> {
    let found = regex(pattern, false, text).unwrap().find(text).unwrap();
    found.map(|found| found.as_str().to_owned())
}

fn is_whole(pattern: &str, text: &str) -> bool {
    let input = RegexInput::new(text).anchored(true);
    regex(pattern, true, text).unwrap().is_match_input(input).unwrap()
}

fn refused(pattern: &str) -> i32 {
    let Err(fault) = regex(pattern, false, "") else { return 0 };
    let number = fault.message.rsplit_once("(ICU error ").and_then(|(_, number)| number.strip_suffix(')'));
    number.and_then(|number| number.parse().ok()).unwrap_or(-1)
}

#[test]
fn lines_end_as_icu_has_it() {
    assert_eq!(find(".+", "ab\u{2028}c").as_deref(), Some("ab"));
    assert_eq!(find("(?d).+", "ab\r\nc").as_deref(), Some("ab\r"));
    assert_eq!(find("(?s).+", "a\nb").as_deref(), Some("a\nb"));
    assert_eq!(find("b$", "ab\r\n").as_deref(), Some("b"));
    assert_eq!(find("b$", "ab\nc"), None);
    assert_eq!(find("b\\Z", "ab\n").as_deref(), Some("b"));
    assert_eq!(find("b\\z", "ab\n"), None);
    assert_eq!(find("(?m)^b$", "a\r\nb\r\nc").as_deref(), Some("b"));
    assert_eq!(find("(?m)^$", "a\n"), None); // no line begins at the end
    assert_eq!(find("\\R\\R", "\r\n"), None);
    assert_eq!(find("a\\R\\Rb", "a\r\n\nb").as_deref(), Some("a\r\n\nb"));
}

#[test]
fn whole_texts_match() {
    assert!(is_whole("a|ab", "ab"));
    assert!(is_whole("(?x) a b # the end", "ab"));
    assert!(!is_whole("a", "a\n"));
    assert!(is_whole("a$\\n", "a\n"));
    assert!(is_whole("", ""));
}

#[test]
fn groups_and_flags() {
    assert_eq!(find("(?<year>\\d{4})-\\k<year>", "2023-2024-2024").as_deref(), Some("2024-2024"));
    assert_eq!(find("(a)\\11", "aa1").as_deref(), Some("aa1"));
    assert_eq!(find("a(?i)b|C(?-i)d", "xcd").as_deref(), Some("cd"));
    assert_eq!(find("(a(?i)b)c", "aBC"), None);
    assert_eq!(find("(?i-ms:x)y", "XY"), None);
    assert_eq!(find("(?# said aside )b", "ab").as_deref(), Some("b"));
    assert_eq!(find("(?<=\\$)\\d+(?!\\d|%)", "5 $42").as_deref(), Some("42"));
    assert_eq!(find("a*+a", "aaa"), None);
    assert_eq!(find("(?>a|ab)c", "abc"), None);
    assert_eq!(find("\\Qa.c\\E+", "a.cc").as_deref(), Some("a.cc"));
    assert_eq!(find("\\X", "e\u{301}x").as_deref(), Some("e\u{301}"));
    assert_eq!(find("a\\X\\X", "a\u{1F468}\u{200D}\u{1F469}\r\n").as_deref(), Some("a\u{1F468}\u{200D}\u{1F469}\r\n"));
    assert_eq!(find("(?w)\\w+", "abc").as_deref(), Some("abc"));
    assert_eq!(find("\\<\\i\\>", "<i>").as_deref(), Some("<i>"));
}

#[test]
fn sets_and_classes() {
    assert_eq!(find("[[a-z]&&[^aeiou]]+", "aeixyz").as_deref(), Some("xyz"));
    assert_eq!(find("[[a-z]-[aeiou]]+", "aeixyz").as_deref(), Some("xyz"));
    assert_eq!(find("[\\w--\\d]+", "12ab3").as_deref(), Some("ab"));
    assert_eq!(find("[:HexDigit:]{4}", "xyCAFE").as_deref(), Some("CAFE"));
    assert_eq!(find("[^[:alnum:]._]+", "aé1-+.").as_deref(), Some("-+"));
    assert_eq!(find("[]x]+", "a]x").as_deref(), Some("]x"));
    assert_eq!(find("[a-]+[$^~]", "-a~").as_deref(), Some("-a~"));
    assert_eq!(find("[\\x{1F600}-\\x{1F64F}]", "a😀").as_deref(), Some("😀"));
    assert_eq!(find("\\uD83D\\uDE00", "a😀").as_deref(), Some("😀"));
    assert_eq!(find("\\h+\\H\\x41\\u0042\\0103", "a \t\u{a0}xABC").as_deref(), Some(" \t\u{a0}xABC"));
    assert_eq!(find("\\p{Lu}\\p{^Lu}\\P{Greek}", "aÉéa").as_deref(), Some("Ééa"));
    assert_eq!(find("(?x)[a b]+ \\ c", "ab c").as_deref(), Some("ab c"));
    assert_eq!(find("[:a]+", "b:a").as_deref(), Some(":a"));
}

#[test]
fn what_is_no_pattern_is_refused() {
    let wrong = [
        ("(a", number::PARENTHESIS),
        ("a)", number::PARENTHESIS),
        ("[a", number::BRACKET),
        ("*a", number::SYNTAX),
        ("a**", number::SYNTAX),
        ("a}", number::SYNTAX),
        ("a{,5}", number::INTERVAL),
        ("a{5,2}", number::MAXIMUM),
        ("\\2(a)", number::BACK_REFERENCE),
        ("\\k<x>", number::NAME),
        ("(?q)a", number::FLAG),
        ("(?P<a>b)", number::FLAG),
        ("[z-a]", number::RANGE),
        ("(?w)\\b", number::UNIMPLEMENTED),
        ("a\\", number::ESCAPE),
        ("\\x", number::ESCAPE),
    ];
    for (pattern, number) in wrong {
        assert_eq!(refused(pattern), number, "{pattern}");
    }
    assert_ne!(refused("\\p{NoSuchThing}"), 0);
    assert_ne!(refused(&"(".repeat(5000)), 0);
    assert_ne!(refused("((a{1000}){1000}){1000}"), 0);
}

#[test]
fn catastrophes_end() {
    let text = "a".repeat(60) + "b";
    assert!(find("(a+)+$", &text).is_none()); // the engine takes these in one pass
    let hard = regex("^(?:(a+)\\1?)+$", false, &text).unwrap();
    assert!(matches!(hard.find(&text), Err(Error::RuntimeError(_)) | Ok(None)));
}

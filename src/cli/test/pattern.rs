//! Expected lines: plain text, in which `{{uuid}}`, `{{number}}` and `{{any}}` stand for what changes
//! from run to run. Any other braces are text.

/// A piece of an expected line.
enum Piece<'a> {
    Text(&'a str),
    Uuid,
    Number,
    Any,
}

#[allow(clippy::type_complexity)] // a table of two columns
const PLACEHOLDERS: [(&str, fn() -> Piece<'static>); 3] =
    [("{{uuid}}", || Piece::Uuid), ("{{number}}", || Piece::Number), ("{{any}}", || Piece::Any)];

/// Whether a line has a placeholder.
pub(super) fn is_pattern(line: &str) -> bool {
    PLACEHOLDERS.iter().any(|(name, _)| line.contains(name))
}

/// Whether a printed line is what the expected one says.
pub(super) fn line_matches(expected: &str, line: &str) -> bool {
    expected == line || (is_pattern(expected) && pieces_match(&pieces(expected), line))
}

fn pieces(mut expected: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    while !expected.is_empty() {
        let next = PLACEHOLDERS.iter().filter_map(|(name, make)| Some((expected.find(name)?, name, make)));
        let Some((at, name, make)) = next.min_by_key(|(at, ..)| *at) else {
            pieces.push(Piece::Text(expected));
            break;
        };
        if at > 0 {
            pieces.push(Piece::Text(&expected[..at]));
        }
        pieces.push(make());
        expected = &expected[at + name.len()..];
    }
    pieces
}

/// Keeps the places in the line that the pieces so far can lead to, so that no line takes long.
fn pieces_match(pieces: &[Piece<'_>], line: &str) -> bool {
    let mut places = vec![0];
    for piece in pieces {
        let mut next = Vec::new();
        for &place in &places {
            let rest = &line[place..];
            match piece {
                Piece::Text(text) => next.extend(rest.starts_with(text).then(|| place + text.len())),
                Piece::Uuid => next.extend(uuid(rest).map(|length| place + length)),
                Piece::Number => next.extend(numbers(rest).into_iter().map(|length| place + length)),
                Piece::Any => {
                    next.extend(rest.char_indices().map(|(at, _)| place + at));
                    next.push(line.len());
                    // A later place reaches nothing more.
                    break;
                }
            }
        }
        next.sort_unstable();
        next.dedup();
        places = next;
    }
    places.last() == Some(&line.len())
}

/// The length of a UUID at the beginning: 32 hexadecimal digits, with or without hyphens.
fn uuid(text: &str) -> Option<usize> {
    let digits = |text: &str, count: usize| {
        text.len() >= count && text.bytes().take(count).all(|byte| byte.is_ascii_hexdigit())
    };
    if digits(text, 32) {
        return Some(32);
    }
    let mut at = 0;
    for (number, count) in [8, 4, 4, 4, 12].into_iter().enumerate() {
        if number > 0 {
            at += usize::from(text.get(at..)?.starts_with('-'));
        }
        if !digits(text.get(at..)?, count) {
            return None;
        }
        at += count;
    }
    (at == 36).then_some(at)
}

/// The lengths that a number at the beginning can have: `-12`, `3.25`, `1e-9`.
fn numbers(text: &str) -> Vec<usize> {
    let bytes = text.as_bytes();
    let mut at = usize::from(matches!(bytes.first(), Some(b'-' | b'+')));
    let mut lengths = Vec::new();
    let mut digits = |at: &mut usize| {
        while bytes.get(*at).is_some_and(u8::is_ascii_digit) {
            *at += 1;
            lengths.push(*at);
        }
    };
    let first = at;
    digits(&mut at);
    if at == first {
        return lengths;
    }
    if matches!(bytes.get(at), Some(b'.' | b',')) {
        at += 1;
        digits(&mut at);
    }
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        at += 1 + usize::from(matches!(bytes.get(at + 1), Some(b'-' | b'+')));
        digits(&mut at);
    }
    lengths
}

#[cfg(test)]
mod tests {
    use super::line_matches;

    #[test]
    fn placeholders() {
        let yes = [
            ("plain", "plain"),
            ("{{any}}", ""),
            ("a {{any}} z", "a b c z z"),
            ("n={{number}};", "n=-12.5e-3;"),
            ("{{number}}{{number}}", "12"),
            ("id {{uuid}}.", "id 0123456789ABCDEF0123456789abcdef."),
            ("{{uuid}}", "01234567-89ab-cdef-0123-456789abcdef"),
            ("{{other}}", "{{other}}"),
            ("{{any}}é{{any}}", "aéb"),
        ];
        for (expected, line) in yes {
            assert!(line_matches(expected, line), "{expected} {line}");
        }
        let no = [
            ("plain", "plain "),
            ("n={{number}}", "n="),
            ("n={{number}}", "n=-"),
            ("{{number}}", "1 "),
            ("{{uuid}}", "0123"),
            ("{{uuid}}", "01234567-89abcdef-0123-456789abcdef"),
            ("a{{any}}b", "ab c"),
            ("{{other}}", "x"),
        ];
        for (expected, line) in no {
            assert!(!line_matches(expected, line), "{expected} {line}");
        }
        let long = "{{any}}a".repeat(200);
        assert!(!line_matches(&long, &"b".repeat(5000)));
    }
}

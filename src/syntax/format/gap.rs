//! What stands between tokens, cut into pieces.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    Blank(&'a str),
    LineEnd(&'a str),
    /// `//` and all that belongs to it, without the line end.
    LineComment(&'a str),
    BlockComment(&'a str),
    /// `\`
    Continuation,
    Other(&'a str),
}

/// Cuts a gap. The pieces cover it.
pub(super) fn pieces(gap: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = gap;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '\r' if rest.starts_with("\r\n") => 2,
            '/' if rest.starts_with("//") => line_comment(rest),
            '/' if rest.starts_with("/*") => block_comment(rest),
            _ if is_blank(first) => rest.find(|c| !is_blank(c)).unwrap_or(rest.len()),
            _ => first.len_utf8(),
        };
        let (piece, after) = rest.split_at(length);
        pieces.push(match first {
            '\n' | '\r' => Piece::LineEnd(piece),
            '\\' => Piece::Continuation,
            '/' if piece.starts_with("//") => Piece::LineComment(piece),
            '/' if piece.starts_with("/*") => Piece::BlockComment(piece),
            _ if is_blank(first) => Piece::Blank(piece),
            _ => Piece::Other(piece),
        });
        rest = after;
    }
    pieces
}

/// The blanks of the lexer, but for the mark at the beginning of a file.
fn is_blank(c: char) -> bool {
    c != '\u{FEFF}' && !matches!(c, '\n' | '\r') && (c.is_whitespace() || matches!(c, '\u{200B}'))
}

/// A comment whose last character is `\` goes on in the next line.
fn line_comment(text: &str) -> usize {
    let mut at = 0;
    loop {
        let line = text[at..].find(['\n', '\r']).map_or(text.len(), |end| at + end);
        if !text[..line].ends_with('\\') || line == text.len() {
            return line;
        }
        let end = if text[line..].starts_with("\r\n") { 2 } else { 1 };
        // An empty line ends it.
        if text[line + end..].starts_with(['\n', '\r']) || line + end == text.len() {
            return line + end;
        }
        at = line + end;
    }
}

/// Block comments nest.
fn block_comment(text: &str) -> usize {
    let bytes = text.as_bytes();
    let (mut depth, mut at) = (0usize, 0);
    while at < bytes.len() {
        match (bytes[at], bytes.get(at + 1)) {
            (b'/', Some(b'*')) => {
                depth += 1;
                at += 2;
            }
            (b'*', Some(b'/')) => {
                depth -= 1;
                at += 2;
                if depth == 0 {
                    return at;
                }
            }
            _ => at += 1,
        }
    }
    bytes.len()
}

//! Cuts a template into plain texts and tags.

/// A piece of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    Plain(String),
    Tag(Tag),
}

/// A tag: its word, what follows it, and how it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tag {
    pub kind: Kind,
    pub content: String,
    /// As it stands in the template, for messages.
    pub text: String,
    /// Written as `$4DTEXT(…)`.
    pub dollar: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Html,
    Eval,
    Code,
    If,
    ElseIf,
    Else,
    EndIf,
    Loop,
    EndLoop,
    Each,
    EndEach,
    Base,
    Include,
    Script,
}

/// Longer words first where one begins with another.
const WORDS: &[(&str, Kind)] = &[
    ("4DTEXT", Kind::Text),
    ("4DVAR", Kind::Text),
    ("4DHTMLVAR", Kind::Html),
    ("4DHTML", Kind::Html),
    ("4DEVAL", Kind::Eval),
    ("4DCODE", Kind::Code),
    ("4DIF", Kind::If),
    ("4DELSEIF", Kind::ElseIf),
    ("4DELSE", Kind::Else),
    ("4DENDIF", Kind::EndIf),
    ("4DLOOP", Kind::Loop),
    ("4DENDLOOP", Kind::EndLoop),
    ("4DEACH", Kind::Each),
    ("4DENDEACH", Kind::EndEach),
    ("4DBASE", Kind::Base),
    ("4DINCLUDE", Kind::Include),
    ("4DSCRIPT", Kind::Script),
    ("4DACTION", Kind::Script),
];

pub(super) const OPEN: &str = "<!--#";
const CLOSE: &str = "-->";

/// The pieces in their order. What looks like a tag and is none stays plain.
pub(super) fn cut(template: &str, dollar: bool) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut plain = String::new();
    let mut rest = template;
    while let Some(at) = rest.find(['<', '$']) {
        let (before, from) = rest.split_at(at);
        plain.push_str(before);
        let found = if from.starts_with('$') {
            dollar.then(|| dollar_tag(from)).flatten()
        } else {
            comment_tag(from)
        };
        match found {
            Some((tag, after)) => {
                if !plain.is_empty() {
                    pieces.push(Piece::Plain(std::mem::take(&mut plain)));
                }
                pieces.push(Piece::Tag(tag));
                rest = after;
            }
            None => {
                let (one, after) = from.split_at(1);
                plain.push_str(one);
                rest = after;
            }
        }
    }
    plain.push_str(rest);
    if !plain.is_empty() {
        pieces.push(Piece::Plain(plain));
    }
    pieces
}

/// The word a tag begins with, and what follows it.
fn word(text: &str) -> Option<(Kind, &str)> {
    let found = WORDS.iter().filter_map(|(word, kind)| {
        let (head, tail) = text.split_at_checked(word.len())?;
        let ends = !tail.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
        (head.eq_ignore_ascii_case(word) && ends).then_some((*kind, tail))
    });
    { found }.next()
}

/// `<!--#4DTEXT expression-->`; a `-->` inside a text literal does not end it.
fn comment_tag(text: &str) -> Option<(Tag, &str)> {
    let inside = text.strip_prefix(OPEN)?;
    let (kind, content) = word(inside)?;
    let mut end = content.find(CLOSE)?;
    if matches!(
        kind,
        Kind::Text | Kind::Html | Kind::Eval | Kind::If | Kind::ElseIf | Kind::Loop | Kind::Each
    ) {
        end = outside_quotes(content).unwrap_or(end);
    }
    let (content, after) = content.split_at(end);
    let after = after.get(CLOSE.len()..)?;
    let whole = text.get(..text.len() - after.len())?;
    let tag = Tag { kind, content: content.trim().to_owned(), text: whole.to_owned(), dollar: false };
    Some((tag, after))
}

/// Where the first `-->` outside of text literals is.
fn outside_quotes(text: &str) -> Option<usize> {
    let mut quoted = false;
    let mut escaped = false;
    for (at, character) in text.char_indices() {
        match character {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '-' if !quoted && text.get(at..).is_some_and(|t| t.starts_with(CLOSE)) => return Some(at),
            _ => {}
        }
    }
    None
}

/// `$4DTEXT(expression)`, up to the bracket that closes the first.
fn dollar_tag(text: &str) -> Option<(Tag, &str)> {
    let (kind, tail) = word(text.strip_prefix('$')?)?;
    if !matches!(kind, Kind::Text | Kind::Html | Kind::Eval) {
        return None;
    }
    let inside = tail.strip_prefix('(')?;
    let (mut depth, mut quoted, mut escaped) = (0u32, false, false);
    for (at, character) in inside.char_indices() {
        match character {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted && depth > 0 => depth -= 1,
            ')' if !quoted => {
                let (content, after) = inside.split_at(at);
                let after = after.get(1..)?;
                let whole = text.get(..text.len() - after.len())?;
                let content = content.trim().to_owned();
                return Some((Tag { kind, content, text: whole.to_owned(), dollar: true }, after));
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(template: &str) -> String {
        let piece = |piece: &Piece| match piece {
            Piece::Plain(text) => format!("'{text}'"),
            Piece::Tag(tag) => format!("{:?}[{}]", tag.kind, tag.content),
        };
        cut(template, true).iter().map(piece).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn pieces() {
        assert_eq!(shown("a<!--#4DTEXT $1-->b"), "'a' Text[$1] 'b'");
        assert_eq!(shown("<!--#4DELSEIF (a)--><!--#4DELSE-->"), "ElseIf[(a)] Else[]");
        assert_eq!(shown("<!--#4DSCRIPT/Name/x-->"), "Script[/Name/x]");
        assert_eq!(shown(r#"<!--#4DTEXT "-->"-->"#), r#"Text["-->"]"#);
        assert_eq!(shown(r#"$4DEVAL( f(1)+"\")")!"#), r#"Eval[f(1)+"\")"] '!'"#);
        assert_eq!(
            shown("<!-- plain --> $4D <!--#4DFOO x--> <!--#4DTEXT"),
            "'<!-- plain --> $4D <!--#4DFOO x--> <!--#4DTEXT'"
        );
    }
}

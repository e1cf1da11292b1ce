//! Sets of characters, `[…]`, as ICU writes them: nested, with `&&` and `--`, and classes of POSIX.

use super::pattern::{Reader, Result, is_pattern_space, number, refuse};
use std::fmt::Write;

/// What was read last, which decides what `-` and `&` mean.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Last {
    Nothing,
    Literal,
    Set,
}

/// Reads a set whose `[` is read.
pub(super) fn read(reader: &mut Reader, depth: usize) -> Result<String> {
    if depth > 40 {
        return refuse(number::TOO_BIG, "sets are nested more than 40 deep");
    }
    if let Some(class) = posix_class(reader)? {
        return Ok(class);
    }
    let mut set = String::from("[");
    if reader.eat('^') {
        set.push('^');
    }
    let mut last = Last::Nothing;
    if reader.eat(']') {
        put(&mut set, ']');
        last = Last::Literal;
    }
    loop {
        let Some(c) = reader.next() else {
            return refuse(number::BRACKET, "a `[` is not closed");
        };
        match c {
            ']' => {
                set.push(']');
                return Ok(set);
            }
            '[' => {
                set.push_str(&read(reader, depth + 1)?);
                last = Last::Set;
            }
            '&' if reader.eat('&') => {
                set.push_str("&&");
                last = Last::Nothing;
            }
            '&' if last == Last::Set && reader.peek() == Some('[') => set.push_str("&&"),
            '-' if last != Last::Nothing && reader.peek() == Some('[') => set.push_str("--"),
            '-' if last != Last::Nothing && reader.eat('-') => {
                set.push_str("--");
                last = Last::Nothing;
            }
            '\\' => last = escape(reader, &mut set)?,
            c if reader.skips_space() && is_pattern_space(c) => {}
            c => {
                element(reader, &mut set, c)?;
                last = Last::Literal;
            }
        }
    }
}

/// One character, safe inside of a set.
fn put(set: &mut String, c: char) {
    if c.is_ascii_alphanumeric() || (!c.is_ascii() && c.is_alphanumeric()) {
        set.push(c);
    } else {
        let _ = write!(set, "\\x{{{:X}}}", u32::from(c));
    }
}

/// A character or a range that begins with it.
fn element(reader: &mut Reader, set: &mut String, first: char) -> Result<()> {
    put(set, first);
    let before = reader.place();
    if !reader.eat('-') {
        return Ok(());
    }
    let last = match reader.peek() {
        None | Some(']' | '[' | '-') => {
            reader.back_to(before);
            return Ok(());
        }
        Some('\\') => {
            let _ = reader.next();
            let Some(letter) = reader.next() else {
                return refuse(number::BRACKET, "a `[` is not closed");
            };
            if reader.class(letter)?.is_some() {
                return refuse(number::RANGE, format!("`\\{letter}` cannot end a range"));
            }
            reader.character(letter)?
        }
        Some(c) => {
            let _ = reader.next();
            c
        }
    };
    if last < first {
        return refuse(number::RANGE, format!("the range `{first}-{last}` has its ends swapped"));
    }
    set.push('-');
    put(set, last);
    Ok(())
}

fn escape(reader: &mut Reader, set: &mut String) -> Result<Last> {
    let Some(letter) = reader.next() else {
        return refuse(number::BRACKET, "a `[` is not closed");
    };
    match letter {
        'Q' => reader.quoted().into_iter().for_each(|c| put(set, c)),
        'E' => {}
        'R' | 'X' => return refuse(number::SYNTAX, format!("`\\{letter}` cannot stand in a set")),
        'b' => element(reader, set, '\u{8}')?,
        letter => {
            if let Some(class) = reader.class(letter)? {
                set.push_str(&class);
                return Ok(Last::Set);
            }
            let first = reader.character(letter)?;
            element(reader, set, first)?;
        }
    }
    Ok(Last::Literal)
}

/// `[:alpha:]`, `[:^alpha:]`, also with any property's name; its `[` is read. Nothing if it is none.
fn posix_class(reader: &mut Reader) -> Result<Option<String>> {
    let before = reader.place();
    if !reader.eat(':') {
        return Ok(None);
    }
    let mut name = String::new();
    while let Some(c) = reader.next() {
        match c {
            ':' if reader.eat(']') => return posix(&name, false).map(Some),
            '^' if name.is_empty() => name.push(c),
            c if c.is_ascii_alphanumeric() || matches!(c, '_' | '=' | '-' | ' ') => name.push(c),
            _ => break,
        }
    }
    reader.back_to(before);
    Ok(None)
}

/// The set of a property of Unicode, or of a name of POSIX read as Unicode has it.
pub(super) fn posix(name: &str, negated: bool) -> Result<String> {
    let (name, negated) = match name.trim().strip_prefix('^') {
        Some(name) => (name, !negated),
        None => (name.trim(), negated),
    };
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '=' | '-' | ' ' | ':');
    if name.is_empty() || !name.chars().all(is_name) {
        return refuse(number::PROPERTY, format!("`{name}` is no property of characters"));
    }
    let plain: String = name.chars().filter(|c| c.is_ascii_alphanumeric()).collect();
    let inside = match plain.to_ascii_lowercase().as_str() {
        "alnum" => r"\p{Alphabetic}\p{Nd}",
        "alpha" | "alphabetic" => r"\p{Alphabetic}",
        "blank" => r"\p{Zs}\t",
        "cntrl" => r"\p{Cc}",
        "digit" => r"\p{Nd}",
        "graph" if negated => return Ok(r"[\p{White_Space}\p{Cc}\p{Cs}\p{Cn}]".to_owned()),
        "graph" => return Ok(r"[^\p{White_Space}\p{Cc}\p{Cs}\p{Cn}]".to_owned()),
        "lower" | "lowercase" => r"\p{Lowercase}",
        "print" if negated => return Ok(r"[[\p{White_Space}\p{Cc}\p{Cs}\p{Cn}]--\p{Zs}]".to_owned()),
        "print" => return Ok(r"[^[\p{White_Space}\p{Cc}\p{Cs}\p{Cn}]--\p{Zs}]".to_owned()),
        "punct" => r"\p{P}",
        "space" | "whitespace" => r"\p{White_Space}",
        "upper" | "uppercase" => r"\p{Uppercase}",
        "word" => r"\w",
        "xdigit" => r"\p{Nd}\p{Hex_Digit}",
        _ => {
            let letter = if negated { 'P' } else { 'p' };
            return Ok(format!("\\{letter}{{{}}}", name.replace(' ', "")));
        }
    };
    Ok(if negated { format!("[^{inside}]") } else { format!("[{inside}]") })
}

//! Writes the vocabulary tables of `grammar/*.tsv` as static Rust tables, with an index of all names.
//! A wrong table stops the build and says which line is meant.
#![allow(clippy::disallowed_methods)] // cargo runs this, outside of fourd

#[path = "hash.rs"]
mod hash;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::{env, fs, path::Path};

/// Places in the name index: about twice the number of entries.
const INDEX_BITS: u32 = 14;

fn main() {
    fixed_address();
    println!("cargo::rerun-if-changed=src/catalog/build.rs");
    println!("cargo::rerun-if-changed=src/catalog/hash.rs");
    let mut out = String::new();
    let mut names = Names::default();
    commands(&mut out, &mut names);
    constants(&mut out, &mut names);
    classes(&mut out);
    names.write(&mut out);
    let folder = env::var("OUT_DIR").expect("cargo sets OUT_DIR");
    fs::write(Path::new(&folder).join("catalog.rs"), out).expect("OUT_DIR can be written");
}

/// The rows of a table without its header line.
fn rows<const N: usize>(path: &str) -> Vec<[String; N]> {
    println!("cargo::rerun-if-changed={path}");
    let text = fs::read_to_string(path).unwrap_or_else(|e| panic!("{path}: {e}"));
    let row = |(i, line): (usize, &str)| {
        let cells: Vec<String> = line.split('\t').map(str::to_owned).collect();
        cells.try_into().unwrap_or_else(|_| panic!("{path}:{}: not {N} columns", i + 1))
    };
    text.lines().enumerate().skip(1).map(row).collect()
}

fn commands(out: &mut String, names: &mut Names) {
    let rows = rows::<10>("grammar/commands.tsv");
    let mut place = BTreeMap::new();
    out.push_str("static COMMANDS: &[Command] = &[\n");
    for (i, [number, name, aliases, theme, safe, kind, parameters, returns, old, needs]) in
        rows.iter().enumerate()
    {
        let id: u16 = number.parse().unwrap_or_else(|_| panic!("command number {number:?}"));
        assert!(place.insert(id, i).is_none(), "command number {id} stands twice");
        assert!(place.last_key_value().is_some_and(|(&last, _)| last == id), "{id} is not in order");
        let aliases: Vec<&str> = aliases.split('|').filter(|a| !a.is_empty()).collect();
        // `Super` has two numbers: the reference (1706) is the one found by name.
        if !name.starts_with(':') && id != 1705 {
            names.add(name, Target::Command(id));
        }
        for alias in &aliases {
            names.add(alias, Target::Command(id));
        }
        let safe = match safe.as_str() {
            "yes" => "Some(true)",
            "no" => "Some(false)",
            _ => "None",
        };
        let kind = if kind == "function" { "Function" } else { "Procedure" };
        let _ = writeln!(
            out,
            "Command {{ number: {id}, name: {name:?}, aliases: &{aliases:?}, theme: {theme:?}, \
             thread_safe: {safe}, kind: CommandKind::{kind}, syntaxes: {}, returns: &{:?}, \
             deprecated: {}, needs: Needs::{} }},",
            syntaxes(parameters),
            types(returns),
            old == "yes",
            capitalised(needs),
        );
    }
    out.push_str("];\n");
    let last = place.keys().next_back().copied().unwrap_or(0);
    let by_number: Vec<usize> = (0..=last).map(|n| place.get(&n).copied().unwrap_or(rows.len())).collect();
    let _ = writeln!(out, "static COMMAND_PLACES: &[u16] = &{by_number:?};");
}

fn constants(out: &mut String, names: &mut Names) {
    let mut tokens = BTreeMap::new();
    out.push_str("#[allow(clippy::approx_constant)]\nstatic CONSTANTS: &[Constant] = &[\n");
    for (i, [name, token, ty, value, _]) in rows::<5>("grammar/constants.tsv").iter().enumerate() {
        let id = u16::try_from(i).expect("constants fit 15 bits");
        names.add(name, Target::Constant(id));
        let token = token.split_once(':').map(|(theme, number)| {
            let number_of = |s: &str| s.parse().unwrap_or_else(|_| panic!("token of {name:?}"));
            (number_of(theme), number_of(number))
        });
        if let Some(token) = token {
            let token: (u16, u16) = token;
            tokens.entry(token).or_insert(id);
        }
        let value = match ty.as_str() {
            "Longint" => {
                let n: i64 = value.parse().unwrap_or_else(|_| panic!("value of {name:?}"));
                // Four-letter codes and masks are written without a sign.
                format!("Longint({})", n as i32)
            }
            "Real" => format!("Real({:?})", value.parse::<f64>().expect("a real number")),
            "Text" => format!("Text({value:?})"),
            "" => "Unknown".to_owned(),
            _ => panic!("type {ty:?} of {name:?}"),
        };
        let _ =
            writeln!(out, "Constant {{ name: {name:?}, token: {token:?}, value: ConstantValue::{value} }},");
    }
    out.push_str("];\n");
    let tokens: Vec<_> = tokens.into_iter().collect();
    let _ = writeln!(out, "static CONSTANT_TOKENS: &[((u16, u16), u16)] = &{tokens:?};");
}

fn classes(out: &mut String) {
    let rows = rows::<6>("grammar/classes.tsv");
    out.push_str("static CLASSES: &[Class] = &[\n");
    for members in rows.chunk_by(|a, b| a[0] == b[0]) {
        let _ = writeln!(out, "Class {{ name: {:?}, members: &[", members[0][0]);
        for [_, member, kind, parameters, returns, since] in members {
            let _ = writeln!(
                out,
                "  Member {{ name: {member:?}, kind: MemberKind::{}, syntaxes: {}, \
                 returns: &{:?}, since: {since:?} }},",
                capitalised(kind),
                syntaxes(parameters),
                types(returns),
            );
        }
        out.push_str("] },\n");
    }
    out.push_str("];\n");
}

fn capitalised(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map(|c| c.to_ascii_uppercase()).into_iter().chain(chars).collect()
}

fn types(text: &str) -> Vec<String> {
    // `\|` is the operator bar, a bare `|` stands between types.
    let text = text.replace("\\|", "\u{1}");
    text.split('|').filter(|t| !t.is_empty()).map(|t| t.replace('\u{1}', "|")).collect()
}

/// The `parameters` column as the text of a `&[Syntax]`.
fn syntaxes(text: &str) -> String {
    let one = |syntax: &str| {
        let mut parameters = String::new();
        let (mut count, mut repeat_start, mut repeat_len) = (0, 0, 0);
        for part in items(syntax) {
            let body = part.trim_end_matches(['?', '*']);
            let marks = &part[body.len()..];
            let (optional, repeats) = (marks.contains('?'), marks.contains('*'));
            let inner = body.strip_prefix('(').and_then(|b| b.strip_suffix(')')).unwrap_or(body);
            let from = count;
            for item in items(inner) {
                parameters += &parameter(item, optional, repeats);
                count += 1;
            }
            if repeats {
                (repeat_start, repeat_len) = (from, count - from);
            }
        }
        format!(
            "Syntax {{ parameters: &[{parameters}], repeat_start: {repeat_start}, repeat_len: {repeat_len} }}"
        )
    };
    let all: Vec<String> = if text.is_empty() { Vec::new() } else { text.split(" || ").map(one).collect() };
    format!("&[{}]", all.join(", "))
}

/// Splits at the `; ` that stand in no brackets. `()` has no items.
fn items(text: &str) -> Vec<&str> {
    let (mut depth, mut start, mut found) = (0, 0, Vec::new());
    for (i, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            ';' if depth == 0 => {
                found.push(&text[start..i]);
                start = i + 1;
            }
            _ => {}
        }
    }
    found.push(&text[start..]);
    found.into_iter().map(str::trim).filter(|item| !item.is_empty() && *item != "()").collect()
}

/// One `name:Type|Type:direction` with its marks; those of its group are added.
fn parameter(item: &str, optional: bool, repeats: bool) -> String {
    let body = item.trim_end_matches(['?', '*']);
    let marks = &item[body.len()..];
    let wrong = || panic!("parameter {item:?}");
    let (rest, direction) = body.rsplit_once(':').unwrap_or_else(wrong);
    let (name, kinds) = rest.split_once(':').unwrap_or_else(wrong);
    let direction = match direction {
        "in" => "In",
        "out" => "Out",
        "inout" => "InOut",
        _ => panic!("direction of {item:?}"),
    };
    format!(
        "Parameter {{ name: {name:?}, types: &{:?}, direction: Direction::{direction}, \
         optional: {}, repeats: {} }}, ",
        types(kinds),
        optional || marks.contains('?'),
        repeats || marks.contains('*'),
    )
}

#[derive(Clone, Copy)]
enum Target {
    Command(u16),
    Constant(u16),
}

/// All names with what they mean.
#[derive(Default)]
struct Names {
    seen: BTreeSet<String>,
    list: Vec<(String, Target)>,
}

impl Names {
    fn add(&mut self, name: &str, target: Target) {
        assert!(self.seen.insert(name.to_ascii_lowercase()), "the name {name:?} stands twice");
        self.list.push((name.to_owned(), target));
    }

    /// Every name and every beginning of one that ends with a word becomes an entry; the index
    /// leads from the hash of such a text to its entry.
    fn write(&self, out: &mut String) {
        struct Entry {
            offset: usize,
            found: u16,
            more: bool,
        }
        let mut text = String::new();
        let mut entries: BTreeMap<String, Entry> = BTreeMap::new();
        for (name, target) in &self.list {
            let offset = text.len();
            text += name;
            let folded = name.to_ascii_lowercase();
            let spaces = folded.match_indices(' ').map(|(i, _)| i);
            for end in spaces.chain([folded.len()]) {
                let entry = entries.entry(folded[..end].to_owned()).or_insert(Entry {
                    offset,
                    found: u16::MAX,
                    more: false,
                });
                if end == folded.len() {
                    entry.found = match *target {
                        Target::Command(id) => id,
                        Target::Constant(id) => id | 0x8000,
                    };
                } else {
                    entry.more = true;
                }
            }
        }
        let mut index = vec![u16::MAX; 1 << INDEX_BITS];
        assert!(entries.len() * 3 < index.len() * 2, "{} entries: more bits", entries.len());
        let _ = writeln!(out, "static NAMES: &str = {text:?};\nstatic ENTRIES: &[Entry] = &[");
        for (i, (name, entry)) in entries.iter().enumerate() {
            let mut at = hash::place(hash::extend(hash::START, name.as_bytes()), INDEX_BITS);
            while index[at] != u16::MAX {
                at = (at + 1) % index.len();
            }
            index[at] = i as u16;
            let (offset, len) = (entry.offset, name.len());
            let _ = writeln!(
                out,
                "Entry {{ offset: {offset}, len: {len}, more: {}, found: {} }},",
                entry.more, entry.found
            );
        }
        let odd: Vec<&str> = self
            .list
            .iter()
            .map(|(name, _)| name.as_str())
            .filter(|name| !name.chars().all(|c| c.is_alphanumeric() || "_ °".contains(c)))
            .collect();
        let _ = writeln!(
            out,
            "];\nconst INDEX_BITS: u32 = {INDEX_BITS};\n\
             static INDEX: &[u16; 1 << INDEX_BITS] = &{index:?};\nstatic ODD_NAMES: &[&str] = &{odd:?};"
        );
    }
}

/// The tables are full of pointers. In a program that may lie anywhere in memory each of them is put right at
/// every start, which took longer than everything else; so the binary gets a fixed address where the linker
/// is known to make one.
fn fixed_address() {
    let is = |name: &str, value: &str| std::env::var(name).is_ok_and(|found| found == value);
    if is("CARGO_CFG_TARGET_OS", "linux") && is("CARGO_CFG_TARGET_ENV", "gnu") {
        println!("cargo::rustc-link-arg-bins=-no-pie");
    }
}

//! Changes the seeds of the fuzz target, and the broken snippets, at random and sees that the parser keeps
//! its promises. A text with a pair of tokens or a code not seen before becomes a seed itself.
//! For a few thousand texts, always the same, or as long as it is told to:
//! `FOURD_FUZZ_SECONDS=1800 FOURD_FUZZ_SEED=7 cargo test --release --test parser_fuzz -- --nocapture`
#![allow(clippy::disallowed_methods, clippy::disallowed_types)] // tests stand outside of the host

#[path = "fuzz/hold.rs"]
mod hold;

use fourd::syntax::{NoNames, parse, tokenize};
use fourd::text::Source;
use std::collections::HashSet;
use std::path::Path;
use std::time::{Duration, Instant};

/// What is put into texts: signs, and words that mean something.
const PIECES: &str = "If|Else|End if|Case of|:|End case|While|End while|For|For each|End for|End for each|Repeat|\
Until|Use|End use|Try|Catch|End try|return|var|#DECLARE|Function|Class constructor|Class extends|property|Alias|\
Begin SQL|End SQL|(|)|[|]|{|}|[[|]]|${|;|,|...|.|:=|+=|=|+|-|*|/|\\|%|^|#|<|<=|>|>=|&|&&|^||<<|>>|?+|?-|??|?|\
->|\"|'|`|!|!=|!2024-01-31!|?12:00:00?|1|1.5|1e9|0xFF|$a|$1|${2}|<>b|[T]F|[T:1]F:2|[T:1]:3|:C16|:K8:3|:C9999|\
Length:C16|Is text:K8:3|Storage|New object|two words|Null|//|/*|*/|\n|\r\n|\\\n|\t| |\u{FEFF}|é|“|”|//*|C_TEXT(|\
exposed|shared|get|event|let|switch|case|default:|End|Next|Endif|Si|and|then";

/// Longer than any text takes.
const PATIENCE: Duration = Duration::from_secs(10);

struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit.max(1) as u64) as usize
    }
}

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

fn collect(folder: &Path, seeds: &mut Vec<Vec<u8>>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, seeds);
        } else if path.extension().is_none_or(|extension| extension == "4dm")
            && let Ok(mut bytes) = std::fs::read(&path)
        {
            if path.extension().is_some() {
                bytes.insert(
                    0,
                    if path.parent().is_some_and(|p| p.ends_with("Classes")) { b'C' } else { b'm' },
                );
            }
            seeds.push(bytes);
        }
    }
}

/// One to eight random changes.
fn changed(base: &[u8], seeds: &[Vec<u8>], pieces: &[&str], random: &mut Random) -> Vec<u8> {
    let mut text = base.to_vec();
    for _ in 0..=random.below(8) {
        let at = 1 + random.below(text.len().max(2) - 1);
        let at = at.min(text.len());
        let end = (at + random.below(40)).min(text.len());
        match random.below(7) {
            0 => drop(text.drain(at..end)),
            1 => {
                let again = text[at..end].to_vec();
                drop(text.splice(at..at, again));
            }
            2 => {
                let other = &seeds[random.below(seeds.len())];
                let from = random.below(other.len());
                let to = (from + random.below(200)).min(other.len());
                drop(text.splice(at..at, other[from..to].iter().copied()));
            }
            3 if at < text.len() => text[at] = random.below(256) as u8,
            4 => text.truncate(at),
            _ => {
                let piece = pieces[random.below(pieces.len())];
                drop(text.splice(at..at, piece.bytes()));
            }
        }
    }
    text.truncate(8192);
    // Most texts are to get past the first look.
    if random.below(50) > 0 { String::from_utf8_lossy(&text).into_owned().into_bytes() } else { text }
}

/// Whether a text shows a pair of tokens, or a code, that none before did.
fn is_new(text: &[u8], seen: &mut HashSet<String>) -> bool {
    let Some(text) = text.get(1..).and_then(|text| std::str::from_utf8(text).ok()) else { return false };
    let source = Source::new("fuzz.4dm", text.to_owned());
    let tokens = tokenize(text, &NoNames, &mut Vec::new());
    let name = |kind: &fourd::syntax::token::TokenKind| {
        let text = format!("{kind:?}");
        match kind {
            fourd::syntax::token::TokenKind::Keyword(_) => text,
            _ => text.split(['(', ' ']).next().unwrap_or_default().to_owned(),
        }
    };
    let mut new = false;
    for pair in tokens.windows(2) {
        new |= seen.insert(format!("{} {}", name(&pair[0].kind), name(&pair[1].kind)));
    }
    for found in parse(&source, &NoNames).diagnostics {
        new |= seen.insert(format!("{} {}", found.code, found.help.unwrap_or_default().len()));
    }
    new
}

#[test]
fn promises_hold_for_changed_seeds() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let mut seeds = Vec::new();
    collect(&tests.join("fuzz/seeds"), &mut seeds);
    collect(&tests.join("broken"), &mut seeds);
    assert!(seeds.len() > 50, "seeds are missing");
    let pieces: Vec<&str> = PIECES.split('|').filter(|piece| !piece.is_empty()).collect();
    let mut random = Random(number("FOURD_FUZZ_SEED", 1).wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let mut seen = HashSet::new();
    let (start, given) = (Instant::now(), Duration::from_secs(number("FOURD_FUZZ_SECONDS", 0)));
    let mut runs = 0_u64;
    while runs < 3000 || start.elapsed() < given {
        let base = random.below(seeds.len());
        let text = changed(&seeds[base].clone(), &seeds, &pieces, &mut random);
        let began = Instant::now();
        let result = std::panic::catch_unwind(|| hold::hold(&text));
        let slow = began.elapsed() > PATIENCE;
        assert!(result.is_ok() && !slow, "run {runs}, slow: {slow}\n{:?}", String::from_utf8_lossy(&text));
        if is_new(&text, &mut seen) && seeds.len() < 20_000 {
            seeds.push(text);
        }
        runs += 1;
    }
    println!("{runs} texts in {:?}, {} seeds, {} features", start.elapsed(), seeds.len(), seen.len());
}

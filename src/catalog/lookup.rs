//! The generated tables and the ways into them. Names are found by walking word by word through
//! an index of all names and their beginnings: a trie whose edges are words, kept in one hash
//! table made at build time. ASCII case is ignored; no name holds other letters.

use super::hash;
use super::model::{
    Class, Command, CommandId, CommandKind, Constant, ConstantId, ConstantValue, Direction, Member,
    MemberKind, Needs, Parameter, Syntax,
};

/// A name, or a beginning of names that ends with a word.
struct Entry {
    /// Where its text lies in `NAMES`.
    offset: u32,
    len: u8,
    /// Whether longer names begin with it.
    more: bool,
    /// A command's number, a constant's place with the highest bit set, or `NOTHING`.
    found: u16,
}

const NOTHING: u16 = u16::MAX;
const CONSTANT: u16 = 0x8000;

include!(concat!(env!("OUT_DIR"), "/catalog.rs"));

static UNKNOWN_COMMAND: Command = Command {
    number: 0,
    name: "",
    aliases: &[],
    theme: "",
    thread_safe: None,
    kind: CommandKind::Function,
    syntaxes: &[],
    returns: &[],
    deprecated: false,
    needs: Needs::Core,
};

static UNKNOWN_CONSTANT: Constant = Constant { name: "", token: None, value: ConstantValue::Unknown };

impl CommandId {
    /// The command of a number, if there is one.
    #[must_use]
    pub fn known(number: u32) -> Option<Self> {
        let number = u16::try_from(number).ok()?;
        let place = *COMMAND_PLACES.get(usize::from(number))?;
        COMMANDS.get(usize::from(place)).map(|_| Self(number))
    }

    /// What is known of it. An id that came from no table gives a nameless command.
    #[must_use]
    pub fn info(self) -> &'static Command {
        let place = COMMAND_PLACES.get(usize::from(self.0));
        place.and_then(|&p| COMMANDS.get(usize::from(p))).unwrap_or(&UNKNOWN_COMMAND)
    }
}

impl ConstantId {
    /// What is known of it. An id that came from no table gives a nameless constant.
    #[must_use]
    pub fn info(self) -> &'static Constant {
        CONSTANTS.get(usize::from(self.0)).unwrap_or(&UNKNOWN_CONSTANT)
    }
}

/// All commands, by number.
pub fn commands() -> impl Iterator<Item = &'static Command> {
    COMMANDS.iter()
}

/// All constants with their ids.
pub fn constants() -> impl Iterator<Item = (ConstantId, &'static Constant)> {
    CONSTANTS.iter().enumerate().map(|(i, constant)| (ConstantId(i as u16), constant))
}

/// What a name of the vocabulary stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    Command(CommandId),
    Constant(ConstantId),
}

/// A walk through the words of a name.
#[derive(Clone, Copy)]
pub struct Walk {
    hash: u32,
    /// The entry of the words so far.
    entry: Option<&'static Entry>,
}

impl Walk {
    /// Begins with the first word of a name; `None` if no name begins so.
    #[inline]
    #[must_use]
    pub fn begin(word: &str) -> Option<Self> {
        let hash = hash::extend(hash::START, word.as_bytes());
        let entry = find(hash, |e| e.len as usize == word.len() && ends_with(e, word))?;
        Some(Self { hash, entry: Some(entry) })
    }

    /// Goes on with the next word; `None` if no name goes on so.
    #[must_use]
    pub fn step(self, word: &str) -> Option<Self> {
        let before = self.entry.filter(|e| e.more)?;
        let hash = hash::extend(hash::extend(self.hash, b" "), word.as_bytes());
        let same = |e: &Entry| {
            usize::from(e.len) == usize::from(before.len) + 1 + word.len()
                && text(e)
                    .get(..before.len as usize)
                    .is_some_and(|start| start.eq_ignore_ascii_case(text(before)))
                && ends_with(e, word)
        };
        let entry = find(hash, same)?;
        Some(Self { hash, entry: Some(entry) })
    }

    /// What the words so far mean if nothing follows.
    #[inline]
    #[must_use]
    pub fn found(self) -> Option<Found> {
        match self.entry?.found {
            NOTHING => None,
            found if found & CONSTANT != 0 => Some(Found::Constant(ConstantId(found & !CONSTANT))),
            found => Some(Found::Command(CommandId(found))),
        }
    }

    /// Whether longer names begin with the words so far.
    #[inline]
    #[must_use]
    pub fn goes_on(self) -> bool {
        self.entry.is_some_and(|e| e.more)
    }
}

fn text(entry: &Entry) -> &'static str {
    let start = entry.offset as usize;
    NAMES.get(start..start + usize::from(entry.len)).unwrap_or("")
}

fn ends_with(entry: &Entry, word: &str) -> bool {
    let text = text(entry).as_bytes();
    text.len() >= word.len() && text[text.len() - word.len()..].eq_ignore_ascii_case(word.as_bytes())
}

#[inline]
fn find(hash: u32, same: impl Fn(&Entry) -> bool) -> Option<&'static Entry> {
    let mut at = hash::place(hash, INDEX_BITS);
    loop {
        let entry = ENTRIES.get(usize::from(INDEX[at % INDEX.len()]))?;
        if same(entry) {
            return Some(entry);
        }
        at += 1;
    }
}

/// The longest name that the words begin with, and of how many words it is.
#[must_use]
pub fn longest<'a>(words: impl IntoIterator<Item = &'a str>) -> Option<(Found, usize)> {
    let mut words = words.into_iter();
    let mut walk = Walk::begin(words.next()?)?;
    let mut best = walk.found().map(|found| (found, 1));
    for (i, word) in words.enumerate() {
        let Some(next) = walk.step(word) else { break };
        walk = next;
        best = walk.found().map(|found| (found, i + 2)).or(best);
    }
    best
}

fn by_name(name: &str) -> Option<Found> {
    let mut words = name.split(' ');
    let first = Walk::begin(words.next()?)?;
    words.try_fold(first, Walk::step)?.found()
}

/// The command of a name or an older name, without regard to case.
#[must_use]
pub fn command_by_name(name: &str) -> Option<CommandId> {
    match by_name(name)? {
        Found::Command(id) => Some(id),
        Found::Constant(_) => None,
    }
}

/// The constant of a name, without regard to case.
#[must_use]
pub fn constant_by_name(name: &str) -> Option<ConstantId> {
    match by_name(name)? {
        Found::Constant(id) => Some(id),
        Found::Command(_) => None,
    }
}

/// The constant of a token suffix such as `:K8:3`.
#[must_use]
pub fn constant_by_token(theme: u32, number: u32) -> Option<ConstantId> {
    let token = (u16::try_from(theme).ok()?, u16::try_from(number).ok()?);
    let place = CONSTANT_TOKENS.binary_search_by_key(&token, |&(token, _)| token).ok()?;
    CONSTANT_TOKENS.get(place).map(|&(_, id)| ConstantId(id))
}

/// The few names that hold characters no other name may hold, such as a hyphen.
#[must_use]
pub fn odd_names() -> &'static [&'static str] {
    ODD_NAMES
}

/// All built-in classes.
#[must_use]
pub fn classes() -> &'static [Class] {
    CLASSES
}

/// A built-in class by its name; `4D.` may be left out.
#[must_use]
pub fn class(name: &str) -> Option<&'static Class> {
    let same = |c: &&Class| c.name == name || c.name.strip_prefix("4D.") == Some(name);
    CLASSES.iter().find(same)
}

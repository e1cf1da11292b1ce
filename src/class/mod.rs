//! Built-in classes, one file a class or a family of them: typed Rust functions and tables of rows.
//!
//! # Adding a member
//! 1. Find it in `grammar/classes.tsv`.
//! 2. Open the file of its class (a new one: list it in `classes!` below).
//! 3. Write a function whose first parameter (after `process: &mut Process`, if it needs it) is
//!    what the member is called on: `AnyCollection`, `Object` … For class functions such as
//!    `4D.File.new` that is the class: take it as `Value`.
//! 4. Add its row to `members!` under its class: `function "push" (element) => push;`,
//!    `get "length" () => length;`, `set "text" (value) => set_text;`, `new "new" (path) => new;`.
//! 5. Add a case to `tests/`; `cargo test class` holds the row against the catalog.

use crate::command::bind::Signature;
use crate::vm::NativeFn;
use rustc_hash::FxHashMap;
use std::sync::OnceLock;

/// What a row of `members!` is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Called on an instance.
    Function,
    Getter,
    Setter,
    /// Called on the class itself.
    Static,
}

/// A member that fourd provides.
#[derive(Debug)]
pub struct Member {
    pub name: &'static str,
    pub kind: Kind,
    /// What errors call it: `Collection.push`.
    pub signature: &'static Signature,
    pub help: &'static str,
    pub function: NativeFn,
}

/// The members of a class that fourd provides.
#[derive(Debug)]
pub struct Members {
    /// As in the catalog: `Collection`, `4D.File`.
    pub class: &'static str,
    pub members: &'static [Member],
}

/// Makes the tables of the classes of a file.
macro_rules! members {
    ($($class:literal {$(
        $(#[doc = $help:literal])*
        $kind:ident $name:literal ($($parameter:tt);*) => $function:expr;
    )*})*) => {
        pub(crate) static MEMBERS: &[$crate::class::Members] = &[$($crate::class::Members {
            class: $class,
            members: &[$({
                static SIGNATURE: $crate::command::bind::Signature =
                    $crate::command::bind::signature(
                        &$function,
                        concat!($class, ".", $name),
                        &[$(stringify!($parameter)),*],
                        true,
                    );
                $crate::class::Member {
                    name: $name,
                    kind: $crate::class::kind(stringify!($kind)),
                    signature: &SIGNATURE,
                    help: concat!($($help,)* ""),
                    function: |process, arguments| {
                        $crate::command::bind::enter($function, process, arguments, &SIGNATURE)
                    },
                }
            }),*],
        }),*];
    };
}

/// The word a row begins with.
#[allow(dead_code)]
pub(crate) const fn kind(word: &str) -> Kind {
    match word.as_bytes() {
        b"function" => Kind::Function,
        b"get" => Kind::Getter,
        b"set" => Kind::Setter,
        b"new" => Kind::Static,
        _ => panic!("a member is a `function`, `get`, `set` or `new`"),
    }
}

macro_rules! classes {
    ($($(#[$attribute:meta])* $file:ident),* $(,)?) => {
        $($(#[$attribute])* mod $file;)*

        /// The tables of all files.
        static FILES: &[&[Members]] = &[$($file::MEMBERS),*];
    };
}

mod listening;

classes! {
    crypto_key,
    file,
    file_handle,
    folder,
    blob,
    function,
    http_agent,
    http_request,
    mail_attachment,
    collection,
    session,
    signal,
    system_worker,
    tcp_connection,
    tcp_event,
    tcp_listener,
    udp_socket,
    vector,
    web_socket,
    zip,
}

/// Finds members by class and name. The number of a member is its place in [`functions`].
#[derive(Clone, Copy, Debug, Default)]
pub struct ClassTable;

/// The way into the tables; costs nothing.
#[must_use]
pub const fn table() -> ClassTable {
    ClassTable
}

/// The functions of all members, by number.
#[must_use]
pub fn functions() -> Vec<NativeFn> {
    all().flat_map(|class| class.members).map(|member| member.function).collect()
}

fn all() -> impl Iterator<Item = &'static Members> {
    FILES.iter().copied().flatten()
}

/// A class's name without `4D.`
fn short(class: &str) -> &str {
    class.strip_prefix("4D.").unwrap_or(class)
}

impl ClassTable {
    fn find(self, class: &str, name: &str, kind: Kind) -> Option<u32> {
        type Numbers = FxHashMap<(&'static str, &'static str, Kind), u32>;
        // Made of constants when first asked for, and never changed.
        static NUMBERS: OnceLock<Numbers> = OnceLock::new();
        let numbers = NUMBERS.get_or_init(|| {
            let mut numbers = Numbers::default();
            let members = all().flat_map(|row| row.members.iter().map(|member| (short(row.class), member)));
            for ((class, member), number) in members.zip(0..) {
                numbers.entry((class, member.name, member.kind)).or_insert(number);
            }
            numbers
        });
        numbers.get(&(short(class), name, kind)).copied()
    }

    /// The member function called on instances of a class: `Collection`, `push`.
    #[must_use]
    pub fn function(self, class: &str, member: &str) -> Option<u32> {
        self.find(class, member, Kind::Function)
    }

    /// What reads a property: `Collection`, `length`.
    #[must_use]
    pub fn getter(self, class: &str, member: &str) -> Option<u32> {
        self.find(class, member, Kind::Getter)
    }

    /// What assigns a property.
    #[must_use]
    pub fn setter(self, class: &str, member: &str) -> Option<u32> {
        self.find(class, member, Kind::Setter)
    }

    /// A function of the class itself: `File`, `new`.
    #[must_use]
    pub fn class_function(self, class: &str, member: &str) -> Option<u32> {
        self.find(class, member, Kind::Static)
    }

    /// All that is provided, for help and completion.
    pub fn classes(self) -> impl Iterator<Item = &'static Members> {
        all()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog;

    #[test]
    fn members_agree_with_the_catalog() {
        for row in all() {
            let class = catalog::class(row.class);
            assert!(class.is_some(), "{} is no class of the catalog", row.class);
            for member in row.members {
                let known = class.and_then(|c| c.member(member.name));
                assert!(known.is_some(), "{}.{} is not documented", row.class, member.name);
            }
        }
    }

    #[test]
    fn members_are_found_under_their_number() {
        let functions = functions();
        let mut number = 0;
        for row in all() {
            for member in row.members {
                assert_eq!(table().find(row.class, member.name, member.kind), Some(number));
                assert!((number as usize) < functions.len());
                number += 1;
            }
        }
    }
}

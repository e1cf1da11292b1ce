//! What is known of a command, a constant and a class.

/// A command by its 4D number, as it stands in `Length:C16`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CommandId(pub u16);

/// A constant by its place in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ConstantId(pub u16);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommandKind {
    Function,
    Procedure,
}

/// What a command cannot do without.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// Nothing but the language.
    Core,
    /// A screen.
    Ui,
    /// The classic database engine.
    Db,
    /// A plug-in or an application of its own, such as 4D Write Pro.
    Plugin,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    In,
    Out,
    InOut,
}

impl Direction {
    /// Whether the command may change what is passed.
    #[must_use]
    pub const fn writes(self) -> bool {
        !matches!(self, Self::In)
    }
}

#[derive(Debug, PartialEq, Eq)]
pub struct Parameter {
    /// As the documentation names it; `*` and `>` for the operators.
    pub name: &'static str,
    /// Names of types as the documentation writes them: `Integer`, `Text array`, `4D.File`, `>`.
    pub types: &'static [&'static str],
    pub direction: Direction,
    pub optional: bool,
    pub repeats: bool,
}

/// One way to call a command. Groups are flattened: their marks stand at each of their parameters.
#[derive(Debug, PartialEq, Eq)]
pub struct Syntax {
    pub parameters: &'static [Parameter],
    /// The parameters that may come again and again begin here …
    pub repeat_start: u8,
    /// … and are so many; 0 if none do.
    pub repeat_len: u8,
}

impl Syntax {
    /// The parameter that the argument at `index` (from 0) of `count` arguments meets.
    #[must_use]
    pub fn parameter(&self, index: usize, count: usize) -> Option<&'static Parameter> {
        let (start, len) = (usize::from(self.repeat_start), usize::from(self.repeat_len));
        if len == 0 || index < start {
            return self.parameters.get(index);
        }
        let tail = self.parameters.len() - start - len;
        // What is left over of whole groups belongs to the parameters behind them.
        let left_over = count.saturating_sub(start) % len;
        let after = if tail > 0 && left_over <= tail { left_over } else { 0 };
        let from_end = count.saturating_sub(index);
        if index < count && from_end <= after {
            return self.parameters.get(start + len + after - from_end);
        }
        self.parameters.get(start + (index - start) % len)
    }

    /// The fewest and the most arguments; `None` is any number.
    #[must_use]
    pub fn arity(&self) -> (usize, Option<usize>) {
        let least = self.parameters.iter().filter(|p| !p.optional).count();
        (least, (self.repeat_len == 0).then_some(self.parameters.len()))
    }

    /// Whether the first parameter may be left out so that the others move up, as `aTable`,
    /// the method of `C_TEXT` and a leading `*` do.
    fn first_may_go(&self) -> bool {
        self.parameters.first().is_some_and(|p| {
            p.optional && p.types.iter().all(|t| matches!(*t, "Table" | "Method" | "Operator"))
        })
    }
}

/// A command of the language, known whether or not fourd provides it.
#[derive(Debug, PartialEq, Eq)]
pub struct Command {
    pub number: u16,
    pub name: &'static str,
    /// Older names that are still understood.
    pub aliases: &'static [&'static str],
    /// The theme of the documentation; may be empty.
    pub theme: &'static str,
    /// `None`: not documented.
    pub thread_safe: Option<bool>,
    pub kind: CommandKind,
    /// Empty: not documented, or without parameters.
    pub syntaxes: &'static [Syntax],
    /// Types of the result.
    pub returns: &'static [&'static str],
    pub deprecated: bool,
    pub needs: Needs,
}

impl Command {
    #[must_use]
    pub fn id(&self) -> CommandId {
        CommandId(self.number)
    }

    /// The parameter that the argument at `index` (from 0) of `count` meets, in the first syntax
    /// that takes so many arguments, else in the first that has one there.
    #[must_use]
    pub fn parameter(&self, index: usize, count: usize) -> Option<&'static Parameter> {
        let fits = |syntax: &&Syntax| {
            let (least, most) = syntax.arity();
            least <= count && most.is_none_or(|most| count <= most)
        };
        let fitting = self.syntaxes.iter().filter(fits);
        fitting.chain(self.syntaxes).find_map(|syntax| syntax.parameter(index, count))
    }

    /// Whether, in any syntax, the argument at `index` of `count` may be changed by the command,
    /// so that a variable there is to be passed by reference.
    #[must_use]
    pub fn may_write(&self, index: usize, count: usize) -> bool {
        let writes = |p: Option<&Parameter>| p.is_some_and(|p| p.direction.writes());
        self.syntaxes.iter().any(|syntax| {
            writes(syntax.parameter(index, count))
                || (syntax.first_may_go() && writes(syntax.parameter(index + 1, count + 1)))
        })
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ConstantValue {
    Longint(i32),
    Real(f64),
    Text(&'static str),
    /// Only the name is known.
    Unknown,
}

#[derive(Debug, PartialEq)]
pub struct Constant {
    pub name: &'static str,
    /// Theme and number as in `:K8:3`.
    pub token: Option<(u16, u16)>,
    pub value: ConstantValue,
}

impl Constant {
    /// Whether `:K<theme>:<number>` means this constant.
    #[must_use]
    pub fn is_token(&self, theme: u32, number: u32) -> bool {
        self.token.is_some_and(|(t, n)| (u32::from(t), u32::from(n)) == (theme, number))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MemberKind {
    Function,
    Property,
    Constructor,
}

#[derive(Debug, PartialEq, Eq)]
pub struct Member {
    pub name: &'static str,
    pub kind: MemberKind,
    pub syntaxes: &'static [Syntax],
    pub returns: &'static [&'static str],
    /// The version that brought it; may be empty.
    pub since: &'static str,
}

/// A built-in class: `4D.File`, `Collection` …
#[derive(Debug, PartialEq, Eq)]
pub struct Class {
    pub name: &'static str,
    /// Sorted by name, without regard to case.
    pub members: &'static [Member],
}

impl Class {
    /// The member of that very name: members mind their case.
    #[must_use]
    pub fn member(&self, name: &str) -> Option<&'static Member> {
        self.members.iter().find(|m| m.name == name)
    }
}

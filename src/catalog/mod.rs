//! The vocabulary of 4D seen from outside: every command, constant, class and member with its
//! number, names, parameters and types. The tables are made at build time from `grammar/*.tsv`
//! and lie in the program as they are, so that they cost nothing at start-up.

mod hash;
mod lookup;
mod model;
#[cfg(test)]
mod tests;

pub use lookup::{
    Found, Walk, class, classes, command_by_name, commands, constant_by_name, constant_by_token, constants,
    longest, odd_names,
};
pub use model::{
    Class, Command, CommandId, CommandKind, Constant, ConstantId, ConstantValue, Direction, Member,
    MemberKind, Needs, Parameter, Syntax,
};

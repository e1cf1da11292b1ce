//! How deep lines stand: one tab for each block around them.

use super::is;
use crate::syntax::token::{Keyword as K, Token, TokenKind as T};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Block {
    Plain,
    /// Its branches stand one deeper, what is in them two.
    Case,
    /// What a class's function consists of.
    Function,
}

/// The blocks that are open.
#[derive(Debug, Default)]
pub(super) struct Depth {
    blocks: Vec<Block>,
    /// How deep a line without a token would stand.
    pub(super) inside: usize,
}

impl Depth {
    /// Takes in a logical line (and all behind it); gives its depth.
    pub(super) fn line(&mut self, line: &[Token]) -> usize {
        let own = self.place(line);
        self.inside = self.around();
        own
    }

    fn around(&self) -> usize {
        self.blocks.iter().map(|block| if *block == Block::Case { 2 } else { 1 }).sum()
    }

    fn open(&mut self, block: Block) -> usize {
        let own = self.around();
        self.blocks.push(block);
        own
    }

    fn close(&mut self) -> usize {
        if self.blocks.last().is_some_and(|block| *block != Block::Function) {
            self.blocks.pop();
        }
        self.around()
    }

    fn place(&mut self, line: &[Token]) -> usize {
        if let Some(function) = class_line(line) {
            self.blocks.clear();
            if function {
                self.blocks.push(Block::Function);
            }
            return 0;
        }
        let alone = line.get(1).is_none_or(|token| token.kind == T::LineEnd);
        match line.first().map(|token| token.kind) {
            Some(T::Keyword(keyword)) => match keyword {
                K::If | K::While | K::Repeat | K::For | K::ForEach | K::Use | K::BeginSql => {
                    self.open(Block::Plain)
                }
                K::Try if alone => self.open(Block::Plain),
                K::CaseOf => self.open(Block::Case),
                K::Else | K::Catch => self.around().saturating_sub(1),
                K::EndIf
                | K::EndCase
                | K::EndWhile
                | K::Until
                | K::EndFor
                | K::EndForEach
                | K::EndUse
                | K::EndTry
                | K::EndSql => self.close(),
                _ => self.around(),
            },
            Some(T::Colon) if self.blocks.last() == Some(&Block::Case) => self.around().saturating_sub(1),
            _ => self.around(),
        }
    }
}

/// Whether the line belongs to a class itself, and if so, whether a body follows it.
fn class_line(line: &[Token]) -> Option<bool> {
    let names = line.iter().take_while(|token| token.kind == T::Name).count();
    let first = line.get(names);
    if is(first, K::Function) || is(first, K::ClassConstructor) {
        return Some(true);
    }
    (is(first, K::Property) || is(first, K::Alias) || is(first, K::ClassExtends)).then_some(false)
}

//! Makes one 4D method of a template's pieces. The method collects pairs of a note and a value
//! (`super::Note`) in `$_o_`, with `$_n_` as the next free place, and returns the collection.
//!
//! What is no 4D code is found out while the method is made: every expression is compiled alone first,
//! and the tag's text with a message stands in its place if that fails.

use super::Note;
use super::template::{Kind, Piece, Tag, cut};
use crate::text::{Name, Source};
use crate::vm::Process;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Included pages may include others so deep.
const MAX_INCLUDES: usize = 8;
/// Blocks nested deeper are taken for plain text.
const MAX_BLOCKS: usize = 60;
/// No more pages than these, whatever includes what.
const MAX_PAGES: u32 = 200;
const LAST_ERRORS: u16 = 1799;

pub(super) struct Made {
    pub source: String,
    /// The plain texts that notes give the numbers of.
    pub texts: Vec<String>,
}

/// `base` is the folder that the template's relative paths start from.
pub(super) fn make(process: &Process, pieces: &[Piece], base: &Path) -> Made {
    let mut maker = Maker {
        process,
        source: String::from("$_o_:=[]\n$_n_:=0\n"),
        texts: Vec::new(),
        next: 0,
        includes: 0,
        blocks: 0,
        included: 0,
        pages: Vec::new(),
    };
    maker.page(pieces, base);
    maker.line("return $_o_");
    Made { source: maker.source, texts: maker.texts }
}

/// A page under way: where it lies, and the folders that its 4DBASE tags name.
struct Page {
    number: u32,
    folder: PathBuf,
    bases: Vec<PathBuf>,
}

struct Maker<'a> {
    process: &'a Process,
    source: String,
    texts: Vec<String>,
    next: u32,
    includes: usize,
    blocks: usize,
    /// How many pages were included in all.
    included: u32,
    pages: Vec<Page>,
}

impl Maker<'_> {
    fn line(&mut self, line: &str) {
        self.source.push_str(line);
        self.source.push('\n');
    }

    fn text(&mut self, text: &str) -> usize {
        self.texts.push(text.to_owned());
        self.texts.len() - 1
    }

    fn number(&mut self) -> u32 {
        self.next += 1;
        self.next
    }

    /// Whether 4D code has no errors by itself.
    fn compiles(&self, code: &str) -> bool {
        let source = Arc::new(Source::new("4D tag", code.to_owned()));
        self.process.shared.program.compile_source(&Name::new("4D tag"), &source).is_ok()
    }

    fn is_expression(&self, code: &str) -> bool {
        !code.is_empty() && self.compiles(&format!("$_x_:=({code})"))
    }

    fn note(&mut self, note: Note, value: &str) {
        let mut value = value;
        if !matches!(note, Note::Plain | Note::Failed) {
            // a collection would keep a time as its number of seconds
            let _ = writeln!(self.source, "$_v_:={value}\nIf (Value type:C1509($_v_)=11)\n$_v_:=String:C10($_v_)\nEnd if");
            value = "$_v_";
        }
        let _ = writeln!(self.source, "$_o_[$_n_+1]:={value}\n$_o_[$_n_]:={}", note as i32);
        self.line("$_n_:=$_n_+2");
    }

    fn plain(&mut self, text: &str) {
        let at = self.text(text);
        self.note(Note::Plain, &at.to_string());
    }

    /// The tag as it stands, and why nothing came of it.
    fn failure(&mut self, tag: &Tag, why: &str) {
        let at = self.text(&format!("{}: {why}", tag.text));
        self.note(Note::Failed, &at.to_string());
    }

    /// The same for an error while the template runs: with the error's number.
    fn caught(&mut self, tag: &Tag) {
        let at = self.text(&format!("{}: ## error # ", tag.text));
        self.note(Note::Failed, &at.to_string());
        let commands = &self.process.shared.natives.commands;
        if commands.get(usize::from(LAST_ERRORS)).is_some_and(Option::is_some) {
            self.note(Note::Final, &format!("Last errors:C{LAST_ERRORS}[0].errCode"));
        }
    }

    /// Statements whose errors are put in their place in the text.
    fn guarded(&mut self, tag: &Tag, work: impl FnOnce(&mut Self), otherwise: &str) {
        self.line("Try");
        work(self);
        self.line("Catch");
        self.caught(tag);
        self.line(otherwise);
        self.line("End try");
    }

    fn page(&mut self, pieces: &[Piece], folder: &Path) {
        let number = self.number();
        let mut bases = vec![folder.to_owned()];
        for piece in pieces {
            if let Piece::Tag(Tag { kind: Kind::Base, content, .. }) = piece
                && content != "WEBFOLDER"
            {
                let base = folder.join(content.trim_matches('"'));
                if !bases.contains(&base) {
                    bases.push(base);
                }
            }
        }
        let _ = writeln!(self.source, "$_b{number}_:=0");
        self.pages.push(Page { number, folder: folder.to_owned(), bases });
        let mut at = 0;
        while at < pieces.len() {
            self.block(pieces, &mut at, &[]);
            // what no tag has opened stays as it is
            if let Some(Piece::Tag(tag)) = pieces.get(at) {
                self.plain(&tag.text);
                at += 1;
            }
        }
        self.pages.pop();
    }

    /// Pieces up to a tag that ends or continues the block; false if it did not come.
    fn block(&mut self, pieces: &[Piece], at: &mut usize, ends: &[Kind]) -> bool {
        while let Some(piece) = pieces.get(*at) {
            match piece {
                Piece::Plain(text) => self.plain(text),
                Piece::Tag(tag) if ends.contains(&tag.kind) => return true,
                Piece::Tag(tag) => match tag.kind {
                    Kind::ElseIf | Kind::Else | Kind::EndIf | Kind::EndLoop | Kind::EndEach => return false,
                    Kind::If | Kind::Loop | Kind::Each if self.blocks >= MAX_BLOCKS => self.plain(&tag.text),
                    Kind::If | Kind::Loop | Kind::Each => {
                        self.blocks += 1;
                        *at += 1;
                        match tag.kind {
                            Kind::If => self.condition(tag, pieces, at),
                            Kind::Loop => self.repeat(tag, pieces, at),
                            _ => self.each(tag, pieces, at),
                        }
                        self.blocks -= 1;
                        continue;
                    }
                    _ => self.single(tag),
                },
            }
            *at += 1;
        }
        ends.is_empty()
    }

    /// A tag that stands alone.
    fn single(&mut self, tag: &Tag) {
        let code = one_line(&tag.content);
        match tag.kind {
            Kind::Text => self.value(tag, Note::Escaped, &code),
            Kind::Html => self.value(tag, if tag.dollar { Note::Final } else { Note::Raw }, &code),
            Kind::Eval if self.is_expression(&code) => {
                self.value(tag, if tag.dollar { Note::Final } else { Note::Raw }, &code);
            }
            Kind::Eval | Kind::Code => {
                let code = if tag.kind == Kind::Eval {
                    code
                } else {
                    tag.content.replace("\r\n", "\n").replace('\r', "\n")
                };
                if self.compiles(&code) {
                    self.guarded(tag, |maker| maker.line(&code), "");
                } else {
                    self.failure(tag, "## error # 59");
                }
            }
            Kind::Script => self.script(tag),
            Kind::Base => self.base(tag),
            Kind::Include => self.include(tag),
            _ => {}
        }
    }

    fn value(&mut self, tag: &Tag, note: Note, code: &str) {
        if self.is_expression(code) {
            self.guarded(tag, |maker| maker.note(note, &format!("({code})")), "");
        } else {
            self.failure(tag, "## error # 59");
        }
    }

    /// `4DIF`, what follows it, and its `4DENDIF`.
    fn condition(&mut self, tag: &Tag, pieces: &[Piece], at: &mut usize) {
        let code = one_line(&tag.content);
        let number = self.number();
        let _ = writeln!(self.source, "$_c{number}_:=0");
        if self.is_expression(&code) {
            let test = format!("If ({code})\n$_c{number}_:=1\nEnd if");
            self.guarded(tag, |maker| maker.line(&test), &format!("$_c{number}_:=-1"));
        } else {
            self.failure(tag, "Syntax error");
            let _ = writeln!(self.source, "$_c{number}_:=-1");
        }
        let _ = writeln!(self.source, "If ($_c{number}_=1)");
        let whole = self.block(pieces, at, &[Kind::ElseIf, Kind::Else, Kind::EndIf]);
        let _ = writeln!(self.source, "End if\nIf ($_c{number}_=0)");
        let next = pieces.get(*at);
        let mut closed = false;
        if let (true, Some(Piece::Tag(next))) = (whole, next) {
            *at += 1;
            match next.kind {
                Kind::ElseIf if self.blocks < MAX_BLOCKS => {
                    self.blocks += 1;
                    self.condition(next, pieces, at);
                    self.blocks -= 1;
                    closed = true;
                }
                Kind::Else => {
                    closed = self.block(pieces, at, &[Kind::EndIf]);
                    *at += usize::from(closed);
                }
                _ => closed = true,
            }
        }
        self.line("End if");
        if !closed {
            self.failure(tag, "4DENDIF expected");
        }
    }

    /// The body of a loop and the tag that ends it.
    fn body(&mut self, tag: &Tag, pieces: &[Piece], at: &mut usize, end: Kind) {
        if self.block(pieces, at, &[end]) {
            *at += 1;
        } else {
            self.failure(tag, if end == Kind::EndLoop { "4DENDLOOP expected" } else { "4DENDEACH expected" });
        }
    }

    /// A block that does not run: its pieces are passed over.
    fn skipped(&mut self, tag: &Tag, why: &str, pieces: &[Piece], at: &mut usize, end: Kind) {
        self.failure(tag, why);
        self.line("If (False)");
        self.body(tag, pieces, at, end);
        self.line("End if");
    }

    /// `4DLOOP` over an array, a pointer to one, a method, or as long as an expression is true.
    fn repeat(&mut self, tag: &Tag, pieces: &[Piece], at: &mut usize) {
        let code = one_line(&tag.content);
        if code.starts_with('[') && code.ends_with(']') {
            return self.skipped(tag, "records need 4D's database engine", pieces, at, Kind::EndLoop);
        }
        if !self.is_expression(&code) {
            return self.skipped(tag, "Syntax error", pieces, at, Kind::EndLoop);
        }
        let n = self.number();
        if self.process.shared.program.method(&Name::new(&code)).is_some() {
            let _ = writeln!(self.source, "$_i{n}_:=0\n$_g{n}_:=False");
            self.guarded(tag, |maker| maker.line(&format!("$_g{n}_:={code}(0)")), "");
            let next = format!("$_i{n}_:=$_i{n}_+1\n$_g{n}_:={code}($_i{n}_)");
            let _ = writeln!(self.source, "If ($_g{n}_)");
            self.guarded(tag, |maker| maker.line(&next), &format!("$_g{n}_:=False"));
            let _ = writeln!(self.source, "End if\nWhile ($_g{n}_)");
            self.body(tag, pieces, at, Kind::EndLoop);
            self.guarded(tag, |maker| maker.line(&next), &format!("$_g{n}_:=False"));
            self.line("End while");
            return;
        }
        let pointer = self.compiles(&format!("{code}->:=1"));
        let simple = code.chars().all(|c| c.is_alphanumeric() || "$<>_ ".contains(c));
        let array = simple && self.compiles(&format!("{code}:=1"));
        let is_array =
            format!("(($_k{n}_>=13) & ($_k{n}_<=22)) | ($_k{n}_=31) | ($_k{n}_=32) | ($_k{n}_=39)");
        let _ = writeln!(self.source, "$_i{n}_:=0\n$_s{n}_:=0\n$_k{n}_:=0");
        let mut start = format!("$_k{n}_:=Value type:C1509({code})\n");
        if array {
            // an array's name alone stands for the number of its current element
            let _ = writeln!(start, "If ($_k{n}_#23)\n$_k{n}_:=Type:C295({code})\nEnd if");
        }
        start.push_str("Case of\n");
        if pointer {
            let _ = writeln!(start, ": ($_k{n}_=23)\n$_s{n}_:=Size of array:C274({code}->)");
        }
        if array {
            let _ = writeln!(start, ": ({is_array})\n$_s{n}_:=Size of array:C274({code})");
        }
        start.push_str("End case");
        self.guarded(tag, |maker| maker.line(&start), &format!("$_k{n}_:=-1"));
        let _ = writeln!(self.source, "$_g{n}_:=($_k{n}_#-1)\nWhile ($_g{n}_)\n$_i{n}_:=$_i{n}_+1");
        let mut turn = String::from("Case of\n");
        let step =
            |place: &str| format!("$_g{n}_:=($_i{n}_<=$_s{n}_)\nIf ($_g{n}_)\n{place}:=$_i{n}_\nEnd if\n");
        if pointer {
            let _ = write!(turn, ": ($_k{n}_=23)\n{}", step(&format!("{code}->")));
        }
        if array {
            let _ = write!(turn, ": ({is_array})\n{}", step(&code));
        }
        let test = format!("$_g{n}_:=False\nIf ({code})\n$_g{n}_:=True\nEnd if");
        if pointer || array {
            let _ = write!(turn, "Else\n{test}\nEnd case");
        } else {
            turn = test;
        }
        self.guarded(tag, |maker| maker.line(&turn), &format!("$_g{n}_:=False"));
        let _ = writeln!(self.source, "If ($_g{n}_)");
        self.body(tag, pieces, at, Kind::EndLoop);
        self.line("End if\nEnd while");
    }

    /// `4DEACH item in expression`
    fn each(&mut self, tag: &Tag, pieces: &[Piece], at: &mut usize) {
        let code = one_line(&tag.content);
        let parts = code.to_ascii_lowercase().find(" in ").and_then(|place| {
            let (item, rest) = code.split_at_checked(place)?;
            Some((item.trim().to_owned(), rest.get(4..)?.trim().to_owned()))
        });
        let whole = parts.filter(|(item, over)| {
            self.is_expression(over) && self.compiles(&format!("For each ({item}; {over})\nEnd for each"))
        });
        let Some((item, over)) = whole else {
            return self.skipped(tag, "Syntax error", pieces, at, Kind::EndEach);
        };
        self.line("Try");
        let _ = writeln!(self.source, "For each ({item}; {over})");
        self.body(tag, pieces, at, Kind::EndEach);
        self.line("End for each\nCatch");
        self.caught(tag);
        self.line("End try");
    }

    /// `4DSCRIPT/Method/parameter`
    fn script(&mut self, tag: &Tag) {
        let path = tag.content.trim_start_matches('/');
        let (name, parameter) = path.split_at(path.find('/').unwrap_or(path.len()));
        if self.process.shared.program.method(&Name::new(name)).is_none() {
            return self.failure(tag, "The method does not exist");
        }
        let parameter = parameter.replace('\\', "\\\\").replace('"', "\\\"").replace(['\r', '\n'], " ");
        let call = format!("{name}(\"{parameter}\")");
        self.value(tag, Note::Script, &call);
    }

    fn base(&mut self, tag: &Tag) {
        let Some(page) = self.pages.last() else { return };
        let base = page.folder.join(tag.content.trim_matches('"'));
        let found =
            if tag.content == "WEBFOLDER" { Some(0) } else { page.bases.iter().position(|b| *b == base) };
        let _ = writeln!(self.source, "$_b{}_:={}", page.number, found.unwrap_or(0));
    }

    /// Which folder a path starts from is known at run time only, but there are few.
    fn include(&mut self, tag: &Tag) {
        let Some(page) = self.pages.last() else { return };
        if self.includes >= MAX_INCLUDES || self.included >= MAX_PAGES {
            return self.failure(tag, "Too many pages are included");
        }
        let (number, bases) = (page.number, page.bases.clone());
        self.includes += 1;
        for (at, base) in bases.iter().enumerate() {
            let path = base.join(tag.content.trim_matches('"'));
            let _ = writeln!(self.source, "If ($_b{number}_={at})");
            match self.process.shared.host.files().read(&path) {
                Ok(bytes) => {
                    self.included += 1;
                    let text = String::from_utf8_lossy(&bytes).into_owned();
                    let folder = path.parent().map(Path::to_owned).unwrap_or_default();
                    self.page(&cut(&text, true), &folder);
                }
                Err(_) => self.failure(tag, "The file cannot be read"),
            }
            self.line("End if");
        }
        self.includes -= 1;
    }
}

fn one_line(code: &str) -> String {
    code.replace(['\r', '\n'], " ").trim().to_owned()
}

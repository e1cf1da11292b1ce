//! Calls every command that is provided with values of all types, in all numbers: each call ends in
//! time, with a value or an error. The same calls in every run; `FUZZ_ROUNDS` asks for more of them,
//! `FUZZ_SEED` for others, `FUZZ_COMMAND` for one command's.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)] // tests stand outside of the host

use fourd::catalog::{self, CommandKind};
use fourd::command;
use fourd::engine::{Engine, Outcome};
use fourd::host::Host;
use fourd::host::memory::MemoryHost;
use fourd::project;
use fourd::syntax;
use fourd::text::{Severity, Source};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, mpsc};
use std::time::Duration;

/// Calls of a command in one round.
const CALLS: usize = 40;
/// How long all of them may take.
const PATIENCE: Duration = Duration::from_secs(20);
const STACK: usize = 64 << 20;

/// Commands that end or stop the process they are called in, wait for others, or leave the machine.
const LEFT_OUT: &[&str] = &[
    "ABORT",
    "ABORT PROCESS BY ID",
    "HTTP Get",
    "HTTP Request",
    "LAUNCH EXTERNAL PROCESS",
    "OPEN URL",
    "PAUSE PROCESS",
    "QUIT 4D",
    "RESTART 4D",
];

/// What all calls find: variables of every type.
const OPENING: &str = r#"var $n; $m : Integer
var $r : Real
var $t; $u : Text
var $b : Boolean
var $d : Date
var $h : Time
var $o; $p : Object
var $c; $e : Collection
var $x; $key; $open : Blob
var $ptr; $nil : Pointer
var $v; $result : Variant
ARRAY TEXT($at; 3)
ARRAY LONGINT($al; 3)
ARRAY INTEGER($ai; 2)
ARRAY REAL($ar; 3)
ARRAY BOOLEAN($ab; 2)
ARRAY DATE($ad; 2)
ARRAY TIME($ah; 1)
ARRAY POINTER($ap; 2)
ARRAY OBJECT($ao; 2)
ARRAY BLOB($ax; 1)
ARRAY TEXT($none; 0)
ARRAY LONGINT($grid; 2; 3)
ARRAY TEXT(words; 4)
number:=5
text:="text"
$n:=7
$t:="héllo 😀 wörld"
$at{1}:="b"
$at{2}:="A"
$al{2}:=-4
$ar{1}:=2.5
$ao{1}:={a: 1}
$o:={a: 1; b: "two"; c: [1; {d: 2}]}
$c:=[3; "x"; Null; {a: 1}; [1; 2]]
$ptr:=->text
$ap{1}:=->number
var $file; $zip : 4D.File
var $folder : 4D.Folder
var $doc : Time
var $xml : Text
$folder:=Folder("/PACKAGE/folder")
$folder.create()
$file:=$folder.file("a.txt")
$file.setText("<a b='c'>text<!--x--><d/></a>")
$zip:=File("/PACKAGE/a.zip")
$n:=Num(ZIP Create archive($folder; $zip).success)+6
$doc:=Create document("/PACKAGE/doc.xml")
SAX OPEN XML ELEMENT($doc; "root")
$xml:=DOM Parse XML variable("<a b='c'>text<d/></a>")
GENERATE ENCRYPTION KEYPAIR($key; $open)
"#;

const NUMBERS: &[&str] = &[
    "0",
    "1",
    "2",
    "3",
    "-1",
    "5",
    "10",
    "31",
    "255",
    "256",
    "65535",
    "65536",
    "100000",
    "-32769",
    "2147483647",
    "-2147483647-1",
    "0.5",
    "-1.5",
    "1e15",
    "1e308",
    "1e-300",
    "$n",
    "$r",
    "number",
    "$al{2}",
    "1/0",
];
const TEXTS: &[&str] = &[
    "\"\"",
    "\"a\"",
    "\"A;b,c\\n\\r\\n\\td\"",
    "\"héllo 😀\"",
    "\"12/25/94\"",
    "\"2024-02-30T25:61:99Z\"",
    "\"13:99\"",
    "\"((\"",
    "\"[a-\"",
    "\"(a+)+$\"",
    "\"{\\\"a\\\":[1,{\\\"b\\\":null}]}\"",
    "\"@\"",
    "\"###,##0.00;(#)\"",
    "\"yyyy-MM-dd'T'HH:mm:ss\"",
    "\"UTF-8\"",
    "\"utf-16\"",
    "\"no such thing\"",
    "\"/RESOURCES/../../x\"",
    "\"é\"*3000",
    "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab\"",
    "\"$n:=1\"",
    "\"&xH\"",
    "\"-1.5e7\"",
    "\"<a b='c'>d</a>\"",
    "\"00FFZ\"",
    "$t",
    "$u",
    "text",
    "$at{1}",
    "Char(0)",
    "Char(65535)",
];
const VARIABLES: &[&str] = &[
    "$n",
    "$m",
    "$r",
    "$t",
    "$u",
    "$b",
    "$d",
    "$h",
    "$o",
    "$c",
    "$x",
    "$ptr",
    "$v",
    "number",
    "text",
    "unknown",
    "<>all",
    "$al{1}",
    "$o.a",
    "$o.new",
    "$c[0]",
    "$ptr->",
    "$grid{1}{2}",
];
const ARRAYS: &[&str] = &[
    "$at", "$al", "$ai", "$ar", "$ab", "$ad", "$ah", "$ap", "$ao", "$ax", "$none", "$grid", "$grid{1}",
    "words", "fresh", "$grid{9}",
];
const OTHERS: &[&str] = &[
    "True",
    "False",
    "$b",
    "!2024-02-29!",
    "!00-00-00!",
    "$d",
    "?12:30:45?",
    "?00:00:00?",
    "$h",
    "Null",
    "$v",
    "$p",
    "$o",
    "{}",
    "{a: {b: [1; 2]}}",
    "$c",
    "$e",
    "[]",
    "[[1]; Null; 2.5; \"x\"]",
    "$x",
    "->$n",
    "->text",
    "->words",
    "->$al{2}",
    "$ptr",
    "$nil",
    "$o.none",
    "$o.c",
    "$file",
    "$zip",
    "$folder",
    "$doc",
    "$xml",
    "$key",
    "*",
    ">",
    "<",
    "",
];

/// SplitMix64.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len())]
    }

    /// Anything.
    fn value(&mut self) -> &'static str {
        let pool = [NUMBERS, TEXTS, VARIABLES, ARRAYS, OTHERS][self.below(5)];
        self.pick(pool)
    }

    /// Mostly what the documentation asks for.
    fn argument(&mut self, types: &[&str]) -> &'static str {
        if types.is_empty() || self.below(4) == 0 {
            return self.value();
        }
        match self.pick(types) {
            "Integer" | "Real" | "Number" => self.pick(NUMBERS),
            "Text" => self.pick(TEXTS),
            "Variable" => self.pick(VARIABLES),
            "Operator" | "*" => "*",
            ">" => self.pick(&[">", "<"]),
            "Boolean" => self.pick(&["True", "False", "$b"]),
            "Date" => self.pick(&["!2024-02-29!", "$d", "!0001-01-01!", "!9999-12-31!"]),
            "Time" => self.pick(&["?12:30:45?", "$h", "3600", "$doc"]),
            "Object" => self.pick(&["$o", "{}", "$p", "{a: {b: [1; 2]}}"]),
            "Collection" => self.pick(&["$c", "[]", "$e", "[3; 1; 2]"]),
            "Pointer" => self.pick(&["->$n", "->words", "$nil", "$ptr", "->$al{2}"]),
            "Blob" | "BLOB" => self.pick(&["$x", "$key", "$open"]),
            "4D.File" => self.pick(&["$file", "$zip"]),
            "4D.Folder" => "$folder",
            other if other.contains("rray") => self.pick(ARRAYS),
            _ => self.value(),
        }
    }
}

fn call(command: &'static catalog::Command, chance: &mut Chance) -> String {
    let syntax =
        (!command.syntaxes.is_empty()).then(|| &command.syntaxes[chance.below(command.syntaxes.len())]);
    let named = syntax.map_or(0, |syntax| syntax.parameters.len());
    let count = match chance.below(4) {
        0 => chance.below(named + 2),
        _ => chance.below(named + 1).max(syntax.map_or(0, |syntax| syntax.arity().0)),
    };
    let arguments: Vec<&str> = (0..count)
        .map(|at| {
            let parameter = syntax.and_then(|syntax| syntax.parameter(at, count));
            match parameter {
                Some(parameter) if parameter.direction.writes() && chance.below(2) == 0 => {
                    chance.pick(VARIABLES)
                }
                Some(parameter) => chance.argument(parameter.types),
                None => chance.value(),
            }
        })
        .collect();
    let result = if command.kind == CommandKind::Function { "$result:=" } else { "" };
    let arguments = if arguments.is_empty() { String::new() } else { format!("({})", arguments.join("; ")) };
    format!("{result}{}{arguments}", command.name)
}

fn script(calls: &[String]) -> String {
    let mut text = OPENING.to_owned();
    for call in calls {
        text += &format!("Try\n\t{call}\nCatch\nEnd try\n");
    }
    text
}

fn parses(call: &str) -> bool {
    let source = Source::new("call.4dm", script(&[call.to_owned()]));
    let parsed = syntax::parse(&source, &syntax::NoNames);
    parsed.diagnostics.iter().all(|found| found.severity != Severity::Error)
}

/// Runs calls in a thread of their own; what went wrong, if it did.
fn run(calls: &[String], patience: Duration) -> Option<String> {
    let host = Arc::new(MemoryHost::new().with_file("/fuzzed.4dm", script(calls)));
    let (send, receive) = mpsc::channel();
    let work = move || {
        let project = project::discover("/fuzzed.4dm".as_ref(), host.files()).expect("the script is there");
        let engine = Engine::new(host, project);
        let outcome = catch_unwind(AssertUnwindSafe(|| engine.run("fuzzed", Vec::new())));
        drop(send.send(match outcome {
            Ok(Outcome::Completed | Outcome::Failed(_)) => None,
            Ok(other) => Some(format!("{other:?}")),
            Err(_) => Some("a panic".to_owned()),
        }));
    };
    std::thread::Builder::new().stack_size(STACK).spawn(work).expect("a thread can be had");
    receive.recv_timeout(patience).unwrap_or_else(|_| Some("no end".to_owned()))
}

fn number_of(variable: &str) -> Option<u64> {
    std::env::var(variable).ok().and_then(|text| text.parse().ok())
}

#[test]
fn every_command_takes_everything() {
    let rounds = number_of("FUZZ_ROUNDS").unwrap_or(1) as usize;
    let mut chance = Chance(number_of("FUZZ_SEED").unwrap_or(4));
    let only = std::env::var("FUZZ_COMMAND").ok();
    let mut defects = Vec::new();
    for command in catalog::commands() {
        let wanted = only.as_ref().is_none_or(|name| name == command.name);
        if !wanted || command::describe(command.number).is_none() || LEFT_OUT.contains(&command.name) {
            continue;
        }
        let mut calls: Vec<String> = (0..CALLS * rounds).map(|_| call(command, &mut chance)).collect();
        calls.dedup();
        calls.retain(|call| parses(call));
        if std::env::var_os("FUZZ_TRACE").is_some() {
            eprintln!("{}: {} calls", command.name, calls.len());
        }
        if let Some(defect) = run(&calls, PATIENCE) {
            defects.push(blame(&calls, &defect));
        }
    }
    assert!(defects.is_empty(), "{} commands fail:\n{}", defects.len(), defects.join("\n"));
}

/// The first call that fails alone; they are many if only all of them together do.
fn blame(calls: &[String], defect: &str) -> String {
    for call in calls {
        if let Some(defect) = run(std::slice::from_ref(call), Duration::from_secs(3)) {
            return format!("{call}\n    {defect}");
        }
    }
    format!("{} and others, together\n    {defect}", calls.first().map_or("", String::as_str))
}

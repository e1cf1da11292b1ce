//! The prompt on a pseudo-terminal, and as a plain reader of lines.
#![cfg(unix)]
#![allow(clippy::disallowed_methods, clippy::disallowed_types)] // a harness stands outside

use rexpect::session::{PtySession, spawn_command};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A folder of its own for each test.
fn folder(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("repl-{name}"));
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(&path).expect("a folder for the test");
    path
}

/// What a terminal is told when a line may be written, and when it has been.
const READY: &str = "\x1b[?2004h";
const TAKEN: &str = "\x1b[?2004l";

struct Prompt(PtySession);

impl Prompt {
    fn new(name: &str) -> Self {
        Self::at(&folder(name), &[])
    }

    fn at(folder: &Path, arguments: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_fourd"));
        command.args(arguments).current_dir(folder).env("NO_COLOR", "1").env("TERM", "xterm");
        command.env("FOURD_HISTORY", folder.join("history"));
        let mut prompt = Self(spawn_command(command, Some(10_000)).expect("fourd starts on a terminal"));
        prompt.shows(READY);
        prompt
    }

    fn shows(&mut self, text: &str) {
        self.0.exp_string(text).unwrap_or_else(|error| panic!("{text:?} is not shown: {error}"));
    }

    fn enters(&mut self, line: &str) {
        self.0.send_line(line).expect("the terminal takes a line");
    }

    fn presses(&mut self, keys: &str) {
        self.0.send(keys).expect("the terminal takes keys");
        self.0.flush().expect("the terminal takes keys");
    }

    /// What an entry shows, after it is shown itself.
    fn answers(&mut self, line: &str, answer: &str) {
        self.enters(line);
        self.shows(TAKEN);
        self.shows(answer);
        self.shows(READY);
    }

    /// Ctrl-C at the prompt.
    fn forgets(&mut self) {
        self.presses("\x03");
        self.shows(READY);
    }

    fn quits(mut self) {
        self.enters(".quit");
        self.0.exp_eof().expect("fourd ends");
    }
}

#[test]
fn values_and_variables() {
    let mut prompt = Prompt::new("values");
    prompt.answers("$a:=6", "");
    prompt.answers("$a*7", "42");
    prompt.answers("$_+1", "43");
    prompt.answers("{a: 1; b: [\"x\"; Null]}", "{a: 1; b: [\"x\"; Null]}");
    prompt.answers(".vars", "$a : Integer = 6");
    prompt.answers(".type $a", "Integer");
    prompt.answers(".time 1+1", " ms");
    prompt.answers(".clear", "");
    prompt.answers("$a", "Undefined");
    prompt.quits();
}

#[test]
fn entries_of_several_lines() {
    let mut prompt = Prompt::new("lines");
    prompt.enters("For ($i; 1; 2)");
    prompt.enters("ALERT(\"turn \"+String($i))");
    prompt.enters("End for");
    prompt.shows("turn 1\r\nturn 2");
    prompt.shows(READY);
    prompt.enters("[1;");
    prompt.enters("2].length+40");
    prompt.shows(TAKEN);
    prompt.shows("42");
    prompt.shows(READY);
    prompt.quits();
}

#[test]
fn errors_are_reports() {
    let mut prompt = Prompt::new("errors");
    prompt.answers("1+", "E0034");
    // The report shows the entry and points into it.
    prompt.answers("$ok:=Num(\"1\")+)", "$ok:=Num(\"1\")+)");
    prompt.answers("throw({errCode: 7; message: \"no luck\"})", "no luck");
    prompt.answers("nothing()", "nothing");
    prompt.answers("1+1", "2");
    prompt.quits();
}

#[test]
fn interrupting_stops_the_code_only() {
    let mut prompt = Prompt::new("interrupt");
    prompt.answers("ALERT(\"go\")", "go");
    prompt.enters("While (True)");
    prompt.enters("End while");
    prompt.shows(TAKEN);
    std::thread::sleep(std::time::Duration::from_millis(300));
    prompt.presses("\x03");
    prompt.shows("interrupted");
    prompt.shows(READY);
    prompt.forgets();
    prompt.answers("20+22", "42");
    prompt.quits();
}

#[test]
fn completion() {
    let mut prompt = Prompt::new("completion");
    prompt.presses("New shared ob\t");
    prompt.shows("New shared object");
    prompt.forgets();
    prompt.answers("$thing:={colour: 1}", "");
    prompt.presses("$th\t");
    prompt.shows("$thing");
    prompt.presses(".col\t");
    prompt.shows(".colour");
    prompt.forgets();
    prompt.presses(".he\t");
    prompt.shows(".help");
    prompt.forgets();
    // Constants, what a command returns, elements of a collection.
    prompt.presses("Is lon\t");
    prompt.shows("Is longint");
    prompt.forgets();
    prompt.presses("Session.hasP\t");
    prompt.shows("Session.hasPrivilege");
    prompt.forgets();
    prompt.presses("Split string(\"a b\"; \" \").orderByM\t");
    prompt.shows(".orderByMethod");
    prompt.forgets();
    prompt.answers("$things:=[{size: 1}]", "");
    prompt.presses("$things[0].si\t");
    prompt.shows("$things[0].size");
    prompt.forgets();
    prompt.quits();
}

#[test]
fn completion_knows_the_project() {
    let here = folder("members");
    fs::create_dir_all(here.join("Classes")).expect("a folder");
    fs::write(here.join("doubleIt.4dm"), "").expect("a method");
    fs::write(
        here.join("Classes/Thing.4dm"),
        "property size : Integer\nClass constructor\n\tThis.size:=1\nFunction growBy($n : Integer)\nFunction get weight()->$w : Integer\n",
    )
    .expect("a class");
    fs::write(here.join("Classes/Car.4dm"), "Class extends Thing\nFunction drive()\n").expect("a class");
    let mut prompt = Prompt::at(&here, &["repl", "."]);
    for (keys, shown) in
        [("doubleI\t", "doubleIt"), ("cs.Th\t", "cs.Thing"), ("4D.HTTPR\t", "4D.HTTPRequest")]
    {
        prompt.presses(keys);
        prompt.shows(shown);
        prompt.forgets();
    }
    prompt.answers("$car:=cs.Car.new()", "");
    for (keys, shown) in
        [("$car.dr\t", "$car.drive"), ("$car.gr\t", "$car.growBy"), ("$car.we\t", "$car.weight")]
    {
        prompt.presses(keys);
        prompt.shows(shown);
        prompt.forgets();
    }
    // Paths in texts.
    prompt.presses("File(\"double\t");
    prompt.shows("doubleIt.4dm");
    prompt.forgets();
    prompt.quits();
}

#[test]
fn colours() {
    let here = folder("colours");
    let mut command = Command::new(env!("CARGO_BIN_EXE_fourd"));
    command
        .current_dir(&here)
        .env_remove("NO_COLOR")
        .env("TERM", "xterm")
        .env("FOURD_HISTORY", here.join("history"));
    let mut prompt = Prompt(spawn_command(command, Some(10_000)).expect("fourd starts on a terminal"));
    prompt.shows(READY);
    prompt.presses("If (Length(\"x\")=12)");
    // A keyword, a command, a text and a number, each in its own colour, while it is written.
    prompt.shows("\x1b[1;35mIf\x1b[0m (\x1b[32mLength\x1b[0m(\x1b[33m\"x\"\x1b[0m)=\x1b[34m12\x1b[0m)");
    prompt.forgets();
    prompt.enters("\"a\"+\"b\"");
    prompt.shows(TAKEN);
    prompt.shows("\x1b[33m\"ab\"\x1b[0m");
    prompt.shows(READY);
    prompt.enters("1+");
    prompt.shows(TAKEN);
    prompt.shows("\x1b[31m");
    prompt.shows(READY);
    prompt.quits();
}

#[test]
fn long_values_are_shortened() {
    let mut prompt = Prompt::new("long");
    prompt.answers("$c:=[]", "");
    prompt.answers("$c.resize(1000; 7)", " 976 more");
    prompt.answers("\"x\"*1000", " 1000 characters");
    prompt.answers("{name: \"n\"*40; inner: {text: \"t\"*40; list: [1; 2]}}", "  inner: {");
    prompt.quits();
}

#[test]
fn help_and_sessions() {
    let mut prompt = Prompt::new("help");
    prompt.answers(".help", ".quit");
    prompt.answers(".help Position", "theme String");
    prompt.answers(".session", "storage: ");
    prompt.answers(".nothing", "there is no");
    prompt.quits();
}

#[test]
fn history_is_kept() {
    let here = folder("history");
    let mut prompt = Prompt::at(&here, &["repl"]);
    prompt.answers("40+2", "42");
    prompt.quits();
    let mut prompt = Prompt::at(&here, &["repl"]);
    prompt.presses("\x1b[A\x1b[A");
    prompt.shows("40+2");
    prompt.forgets();
    // The search for what was entered before.
    prompt.presses("\x1240");
    prompt.shows("40+2");
    prompt.forgets();
    prompt.quits();
}

#[test]
fn files_and_projects() {
    let here = folder("project");
    fs::create_dir_all(here.join("Classes")).expect("a folder");
    fs::write(here.join("double.4dm"), "#DECLARE($n : Integer)->$r : Integer\n$r:=$n*2\n").expect("a method");
    fs::write(
        here.join("Classes/Thing.4dm"),
        "property size : Integer\nClass constructor\n\tThis.size:=42\n",
    )
    .expect("a class");
    fs::write(here.join("two.txt"), "$x:=1\n$x+41\n").expect("a file");
    let mut prompt = Prompt::at(&here, &["repl", "."]);
    prompt.answers("double(21)", "42");
    prompt.answers("cs.Thing.new().size", "42");
    prompt.answers(".load two.txt", "42");
    prompt.answers(".save saved.txt", "entries");
    prompt.quits();
    let saved = fs::read_to_string(here.join("saved.txt")).expect("the saved entries");
    assert!(saved.starts_with("double(21)\n"), "{saved}");
}

#[test]
fn without_a_terminal() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_fourd"))
        .arg("repl")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("fourd starts");
    let input = "$a:=1\nIf ($a=1)\nALERT(\"one\")\nEnd if\n$a+1\n1+\n\"end\"";
    child.stdin.take().expect("a pipe").write_all(input.as_bytes()).expect("fourd reads");
    let output = child.wait_with_output().expect("fourd ends");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "one\n2\n\"end\"\n");
    assert!(String::from_utf8_lossy(&output.stderr).contains("E0034"));
    assert_eq!(output.status.code(), Some(1));
}

/// What a pattern finds in an answer.
fn answer_of(prompt: &mut Prompt, line: &str, pattern: &str) -> String {
    prompt.enters(line);
    prompt.shows(TAKEN);
    let (_, found) = prompt.0.exp_regex(pattern).unwrap_or_else(|error| panic!("{line}: {error}"));
    prompt.shows(READY);
    found.trim().to_owned()
}

#[test]
fn sessions_of_several_users() {
    const ID: &str = "[0-9A-F]{32}";
    let here = folder("sessions");
    let file = here.join("kept").display().to_string();
    let start = |here: &Path| Prompt::at(here, &["repl", "--server", "--sessions", &file]);
    let mut prompt = start(&here);
    let own = answer_of(&mut prompt, "Session.id", ID);
    let ann = answer_of(&mut prompt, ".session open Ann", ID);
    assert_ne!(own, ann);
    prompt.answers("Session.userName+\" \"+Session.info.type", "Ann remote");
    prompt.enters("Use (Session.storage)");
    prompt.enters("Session.storage.note:=New shared object(\"n\"; 41)");
    prompt.answers("End use", "");
    prompt.answers(&format!(".session use {own}"), &own);
    prompt.answers("Session.info.type", "storedProcedure");
    prompt.answers(&format!("Session storage by ID(\"{ann}\").note.n+1"), "42");
    prompt.answers(&format!(".session {ann}"), "user: Ann");
    prompt.answers(".sessions", "Ann");
    prompt.answers(".session use nobody", "there is no session nobody");
    prompt.answers("Process activity.sessions.length", "2");
    prompt.quits();
    // The next prompt finds what was written.
    let mut prompt = start(&here);
    prompt.answers(&format!("Session storage by ID(\"{ann}\").note.n+1"), "42");
    prompt.answers(".sessions", "from an earlier run");
    prompt.answers(&format!(".session use {ann}"), &ann);
    prompt.answers(".session close", "");
    prompt.answers("Session.info.type", "storedProcedure");
    prompt.answers(&format!("Session storage by ID(\"{ann}\")=Null"), "True");
    prompt.quits();
}

//! The command line as its callers see it: exit codes, what goes to which stream, pipes and broken input.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)] // a harness stands outside

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A folder that goes when the test ends.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("cli-{name}"));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).expect("a folder for the test");
        Self(path)
    }

    fn with(self, name: &str, content: impl AsRef<[u8]>) -> Self {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, content).expect("a file for the test");
        self
    }

    fn fourd(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_fourd"));
        command.args(arguments).current_dir(&self.0).stdin(Stdio::null()).output().expect("fourd runs")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// One line on the error stream, nothing on the output, exit code 2.
fn refused(output: &Output, part: &str) {
    assert_eq!(output.status.code(), Some(2), "{}", err(output));
    assert_eq!(out(output), "");
    assert_eq!(err(output).lines().count(), 1, "{}", err(output));
    assert!(err(output).contains(part), "{:?} in {}", part, err(output));
}

#[test]
fn version_and_help_are_output() {
    let here = Folder::new("version");
    let version = here.fourd(&["--version"]);
    assert_eq!(
        (version.status.code(), out(&version)),
        (Some(0), format!("fourd {}\n", env!("CARGO_PKG_VERSION")))
    );
    let help = here.fourd(&["check", "--help"]);
    assert!(help.status.success() && out(&help).contains("--format"), "{}", out(&help));
}

#[test]
fn bad_usage_ends_with_2() {
    let here = Folder::new("usage").with("a.4dm", "");
    for arguments in [&[][..], &["check"], &["dump", "a.4dm"], &["run"], &["--nothing"]] {
        let output = here.fourd(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert_eq!(out(&output), "", "{arguments:?}");
    }
}

#[test]
fn what_cannot_be_run_is_refused_in_one_line() {
    let here = Folder::new("refused")
        .with("folder/other.4dm", "")
        .with("roman.4dm", b"ALERT(\"caf\x8e\")\n")
        .with("wide.4dm", b"\xff\xfea\0")
        .with("notes.txt", "");
    refused(&here.fourd(&["run", "none.4dm"]), "none.4dm: no such file or folder");
    refused(&here.fourd(&["none.4dm"]), "none.4dm: no such file or folder");
    refused(&here.fourd(&["run", "folder"]), "no method `main`");
    refused(&here.fourd(&["roman.4dm"]), "byte 0x8E at offset 10");
    refused(&here.fourd(&["wide.4dm"]), "UTF-16");
    refused(&here.fourd(&["notes.txt"]), "not a 4D method");
    refused(&here.fourd(&["dump", "--tokens", "folder"]), "this is a folder");
}

#[test]
fn a_wrong_source_is_told_and_not_run() {
    let here = Folder::new("wrong").with("main.4dm", "If (True)\n");
    let output = here.fourd(&["main.4dm"]);
    assert_eq!((output.status.code(), out(&output)), (Some(2), String::new()));
    assert!(err(&output).contains("main.4dm"), "{}", err(&output));
}

#[test]
fn check_tells_errors_in_three_formats() {
    let here = Folder::new("formats").with("good.4dm", "$a:=Current date\n").with("bad.4dm", "$a:=(1\n");
    let human = here.fourd(&["check", "."]);
    assert_eq!(human.status.code(), Some(1));
    assert!(out(&human).contains("bad.4dm"), "{}", out(&human));
    assert!(err(&human).starts_with("2 files, "), "{}", err(&human));
    assert!(err(&human).contains(" 1 error "), "{}", err(&human));
    let json = here.fourd(&["check", ".", "--format", "json"]);
    for line in out(&json).lines() {
        let object: serde_json::Value = serde_json::from_str(line).expect("one object a line");
        assert_eq!(object["severity"], "error");
    }
    let github = here.fourd(&["check", "bad.4dm", "--format", "github"]);
    assert!(out(&github).starts_with("::error file=bad.4dm,line=1,"), "{}", out(&github));
    let good = here.fourd(&["check", "good.4dm"]);
    assert_eq!((good.status.code(), out(&good)), (Some(0), String::new()));
}

#[test]
fn check_tells_what_needs_a_screen() {
    let here = Folder::new("headless").with("a.4dm", "ALERT(\"a\")\nFORM SET SIZE(1; 2)\n");
    let noted = here.fourd(&["check", "."]);
    assert_eq!(noted.status.code(), Some(0), "{}", out(&noted));
    assert!(out(&noted).contains("`FORM SET SIZE` needs a screen"), "{}", out(&noted));
    assert!(!out(&noted).contains("ALERT"), "{}", out(&noted));
    assert!(err(&noted).contains("1 note"), "{}", err(&noted));
    assert_eq!(here.fourd(&["check", ".", "--deny", "headless"]).status.code(), Some(1));
}

#[test]
fn check_leaves_no_file_out_silently() {
    let here = Folder::new("silently")
        .with("a.4dm", "$a:=1\n")
        .with("deep/b.4DM", b"\"\xff\"")
        .with("Project/Sources/Methods/c.4dm", "")
        .with("Project/Trash/Methods/(d).4dm", "If");
    let output = here.fourd(&["check", "."]);
    assert_eq!(output.status.code(), Some(1));
    assert!(err(&output).contains("deep/b.4DM: the file is not UTF-8"), "{}", err(&output));
    assert!(err(&output).contains("3 files, "), "{}", err(&output));
    assert!(err(&output).contains("1 file in Trash left out"), "{}", err(&output));
    let json = here.fourd(&["check", "deep", "--format", "json"]);
    assert!(out(&json).contains("not UTF-8"), "{}", out(&json));
    assert_eq!(here.fourd(&["check", "none"]).status.code(), Some(2));
}

#[test]
fn check_knows_the_names_of_the_project() {
    let here = Folder::new("names")
        .with("Project/Sources/Methods/Say hello.4dm", "")
        .with("Project/Sources/Methods/more%3Ahere.4dm", "")
        .with("Project/Sources/Classes/Person.4dm", "Function greet()\n\tSay hello\n");
    let output = here.fourd(&["check", "Project"]);
    assert!(output.status.success(), "{}", out(&output));
}

#[test]
fn findings_come_in_the_order_of_the_files() {
    let mut here = Folder::new("order");
    for number in 0..200 {
        here = here.with(&format!("m{number:03}.4dm"), "$a:=(1\n");
    }
    let first = out(&here.fourd(&["check", ".", "--format", "github"]));
    let files: Vec<_> = first.lines().filter_map(|line| line.split(',').next()).collect();
    assert!(files.len() == 200 && files.is_sorted(), "{files:?}");
}

#[test]
fn a_reader_that_leaves_ends_it_quietly() {
    let mut here = Folder::new("pipe");
    for number in 0..2000 {
        here = here.with(&format!("m{number:04}.4dm"), "$a:=(1\n$b:=)\n");
    }
    let mut child = Command::new(env!("CARGO_BIN_EXE_fourd"))
        .args(["check", "."])
        .current_dir(&here.0)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("fourd runs");
    let mut line = String::new();
    BufReader::new(child.stdout.take().expect("a pipe")).read_line(&mut line).expect("a line");
    let output = child.wait_with_output().expect("an end");
    assert_ne!(output.status.code(), Some(101));
    assert!(output.status.code().is_some() && !err(&output).contains("panic"), "{}", err(&output));
}

#[test]
fn dump_shows_tokens_and_tree() {
    let here = Folder::new("dump").with("a.4dm", "$a:=Length(\"é\")\n");
    let tokens = here.fourd(&["dump", "--tokens", "a.4dm"]);
    assert!(tokens.status.success() && out(&tokens).starts_with("1:1\tLocal\t\"$a\"\n"), "{}", out(&tokens));
    let tree = here.fourd(&["dump", "--ast", "a.4dm"]);
    assert!(tree.status.success() && out(&tree).contains("Assign"), "{}", out(&tree));
}

/// The words of all subcommands, as the help of `fourd` lists them.
fn subcommands(here: &Folder) -> Vec<String> {
    let help = out(&here.fourd(&["--help"]));
    let list = help.split_once("Commands:\n").expect("a list of commands").1;
    let lines = list.lines().take_while(|line| !line.is_empty());
    let starts = lines.filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    starts.filter_map(|line| line.split_whitespace().next()).map(str::to_owned).collect()
}

#[test]
fn help_fits_80_columns_and_its_example_runs() {
    let here = Folder::new("help")
        .with("report.4dm", "ALERT(\"report\")\n")
        .with("tests/report.4dm", "ALERT(\"report\")\n")
        .with("tests/report.out", "report\n")
        .with("Project/Sources/Methods/main.4dm", "ALERT(\"a\")\n")
        .with(".local/share/man/man1/empty", "")
        .with(".config/fish/completions/empty", "");
    let words = subcommands(&here);
    assert!(words.len() >= 10 && words.contains(&"run".to_owned()), "{words:?}");
    let path = std::env::join_paths(
        [Path::new(env!("CARGO_BIN_EXE_fourd")).parent().expect("a folder")]
            .map(Path::to_path_buf)
            .into_iter()
            .chain(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default())),
    )
    .expect("a path");
    let pages = words.iter().map(|word| vec![word.as_str(), "--help"]).chain([vec!["--help"]]);
    for page in pages {
        let help = out(&here.fourd(&page));
        for line in help.lines() {
            assert!(line.chars().count() <= 80, "{page:?}: {line}");
        }
        let example = help.split_once("Example: ").unwrap_or_else(|| panic!("{page:?} has no example")).1;
        let example = example.split_whitespace().collect::<Vec<_>>().join(" ");
        let mut shell = Command::new("sh");
        shell.args(["-c", &example]).current_dir(&here.0).env("HOME", &here.0).env("PATH", &path);
        let run = shell.stdin(Stdio::null()).output().expect("a shell");
        assert_eq!(run.status.code(), Some(0), "{example}: {}{}", out(&run), err(&run));
    }
}

#[test]
fn shells_and_man_read_what_is_written_for_them() {
    let here = Folder::new("shells");
    let words = subcommands(&here);
    for (shell, start) in [("bash", "_fourd()"), ("zsh", "#compdef fourd"), ("fish", "# Print an optspec")] {
        let script = out(&here.fourd(&["completions", shell]));
        assert!(script.starts_with(start), "{script}");
        for word in &words {
            assert!(script.contains(word), "{shell} does not complete {word}");
        }
        // Where the shell is there, it reads the script without complaint.
        fs::write(here.0.join("script"), &script).expect("a file for the test");
        if let Ok(read) = Command::new(shell).args(["-n", "script"]).current_dir(&here.0).output() {
            assert!(read.status.success(), "{}", err(&read));
        }
    }
    let manual = out(&here.fourd(&["man"]));
    assert!(manual.contains(".TH fourd 1") && manual.contains(".SH SYNOPSIS"), "{manual}");
    for word in &words {
        assert!(manual.contains(&format!("fourd\\-{word}")), "no page for {word}");
    }
}

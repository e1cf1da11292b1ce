//! `fourd test` as its users see it.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)] // a harness stands outside

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A folder that goes when the test ends.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("test-command-{name}"));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).expect("a folder for the test");
        Self(path)
    }

    fn with(self, name: &str, content: &str) -> Self {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, content).expect("a file for the test");
        self
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.0.join(name)).unwrap_or_default()
    }

    fn test(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_fourd"));
        command.arg("test").args(arguments).current_dir(&self.0).stdin(Stdio::null());
        command.output().expect("fourd runs")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The exit code and the output.
fn told(output: &Output) -> (Option<i32>, String) {
    (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
}

#[test]
fn golden_files() {
    let here = Folder::new("golden")
        .with("good.4dm", "ALERT(\"a\")\nALERT(String(12))\n")
        .with("good.out", "a\n{{number}}\n")
        .with("bad.4dm", "ALERT(\"a\")\nALERT(\"b\")\n")
        .with("bad.out", "a\nc\n")
        .with("helper.4dm", "ALERT(\"not a test\")\n")
        .with("folder/main.4dm", "#DECLARE($one : Text; $two : Text)\nhelper($one+$two)\n")
        .with("folder/helper.4dm", "#DECLARE($text : Text)\nALERT($text)\n")
        .with("folder/main.out", "x y z\n")
        .with("folder/main.args", "x y\n z\n")
        .with("fails.4dm", "ALERT(\"before\")\ngone()\n")
        .with("fails.out", "before\n")
        .with("fails.err", "error {{number}}: {{any}}gone{{any}}\n{{any}}\n{{any}}\n")
        .with("fails.code", "1\n")
        .with("asks.4dm", "ALERT(Request(\"Name?\"))\n")
        .with("asks.in", "Ada\n")
        .with("asks.out", "Name?\nAda\n");
    let expected = "FAILED bad: output not as expected\n     a\n    -c\n    +b\n4 passed, 1 failed\n";
    let (code, out) = told(&here.test(&["."]));
    assert_eq!((code, out.replace("./", "").as_str()), (Some(1), expected));
    let (code, out) = told(&here.test(&["--filter", "folder"]));
    assert_eq!((code, out.as_str()), (Some(0), "1 passed, 0 failed\n"));
    let (code, out) = told(&here.test(&["bad.4dm", "--format", "json"]));
    let object: serde_json::Value = serde_json::from_str(&out).expect("one object");
    assert_eq!((code, object["status"].as_str()), (Some(1), Some("failed")));
}

#[test]
fn blessing_keeps_patterns() {
    let here = Folder::new("bless")
        .with("a.4dm", "ALERT(String(12))\nALERT(\"new\")\n")
        .with("a.out", "{{number}}\nold\n");
    let (code, out) = told(&here.test(&["--bless", "."]));
    assert_eq!((code, out.as_str()), (Some(0), "BLESSED ./a\n1 passed, 0 failed\n"));
    assert_eq!(here.read("a.out"), "{{number}}\nnew\n");
}

#[test]
fn failing_programs_are_not_blessed() {
    let here = Folder::new("refuse").with("a.4dm", "gone()\n").with("a.out", "old\n");
    assert_eq!(here.test(&["--bless", "."]).status.code(), Some(1));
    assert_eq!(here.read("a.out"), "old\n");
}

#[test]
fn a_test_without_end_is_ended() {
    let here = Folder::new("limit").with("a.4dm", "While (True)\nEnd while\n").with("a.out", "");
    let (code, out) = told(&here.test(&[".", "--time-limit", "0.3"]));
    assert_eq!((code, out.as_str()), (Some(1), "FAILED ./a: no end within 0.3 s\n0 passed, 1 failed\n"));
}

#[test]
fn methods_of_a_project() {
    let here = Folder::new("project")
        .with("app/Project/Sources/Methods/test_good.4dm", "If (double(2)#4)\n\tgone()\nEnd if \n")
        .with("app/Project/Sources/Methods/test_bad.4dm", "notFive()\n")
        .with("app/Project/Sources/Methods/double.4dm", "#DECLARE($n : Integer)->$r : Integer\n$r:=$n*2\n")
        .with("app/Project/Sources/Classes/A.4dm", "");
    let (code, out) = told(&here.test(&["app", "--junit", "out.xml"]));
    assert_eq!(code, Some(1), "{out}");
    assert!(out.contains("notFive") && out.ends_with("1 passed, 1 failed\n"), "{out}");
    let junit = here.read("out.xml");
    assert!(junit.contains("tests=\"2\" failures=\"1\"") && junit.contains("notFive"), "{junit}");
}

#[test]
fn nothing_to_test_is_bad_usage() {
    let here = Folder::new("nothing").with("a.4dm", "");
    assert_eq!(here.test(&["."]).status.code(), Some(2));
    assert_eq!(here.test(&["missing"]).status.code(), Some(2));
}

#[test]
fn coverage() {
    let here = Folder::new("coverage")
        .with("app/Project/Sources/Methods/test_half.4dm", "ASSERT(half(4)=2)\nASSERT(cs.A.new().two=2)\n")
        .with(
            "app/Project/Sources/Methods/half.4dm",
            "#DECLARE($n : Integer)->$r : Integer\n\nIf ($n>100)\n\t$r:=0\n\t// never\n\t$r:=1\nElse \n\t$r:=$n/2\nEnd if \n",
        )
        .with("app/Project/Sources/Methods/unused.4dm", "var $i : Integer\n$i:=1\n")
        .with(
            "app/Project/Sources/Classes/A.4dm",
            "property two : Integer:=2\nFunction f()\n\treturn 1\nFunction g()\n\treturn 2\n",
        );
    let (code, out) = told(&here.test(&["app", "--coverage"]));
    let table = "file                                    lines    run  share  not run\n\
        app/Project/Sources/Classes/A.4dm           3      1  33.3%  3-5\n\
        app/Project/Sources/Methods/half.4dm        4      2  50.0%  4-6\n\
        app/Project/Sources/Methods/unused.4dm      2      0   0.0%  1-2\n\
        all                                         9      3  33.3%\n\
        1 passed, 0 failed\n";
    assert_eq!((code, out.as_str()), (Some(0), table));
    let lcov = here.read("lcov.info");
    let half = "TN:\nSF:app/Project/Sources/Methods/half.4dm\nFN:3,half\nFNDA:1,half\nFNF:1\nFNH:1\n\
        DA:3,1\nDA:4,0\nDA:6,0\nDA:8,1\nLF:4\nLH:2\nend_of_record\n";
    assert!(lcov.contains(half), "{lcov}");
    let (_, out) = told(&here.test(&["app", "--coverage=other.info", "--format", "json"]));
    assert!(!out.contains("not run") && !here.read("other.info").is_empty());
}

#[test]
fn the_examples() {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let here = Folder::new("examples");
    let (code, out) = told(&here.test(&[examples.to_str().expect("a path of text"), "--coverage"]));
    assert_eq!(code, Some(0), "{out}");
    // All but the project's two tests are folders with a script.
    let folders = fs::read_dir(&examples).expect("the examples").count();
    assert!(out.ends_with(&format!("{} passed, 0 failed\n", folders - 1 + 2)), "{out}");
    let tested = out.lines().find(|line| line.contains("Classes/Invoice.4dm")).unwrap_or_default();
    assert!(tested.ends_with("100.0%"), "{out}");
}

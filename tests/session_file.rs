//! Sessions kept in a file: what comes back after a restart, and what is said when the file is of no use.
#![cfg(unix)]
#![allow(clippy::disallowed_methods, clippy::disallowed_types)] // a harness stands outside

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A folder of its own for each test, with methods and classes.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str, files: &[(&str, &str)]) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("session-file-{name}"));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(path.join("Classes")).expect("a folder for the test");
        for (name, text) in files {
            fs::write(path.join(name), text).expect("a method");
        }
        Self(path)
    }

    fn file(&self) -> PathBuf {
        self.0.join("sessions")
    }

    fn command(&self, method: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_fourd"));
        command.args(["run", "--sessions"]).arg(self.file()).arg(self.0.join(format!("{method}.4dm")));
        command.arg("--").args(arguments).stdin(Stdio::null());
        command
    }

    fn run(&self, method: &str, arguments: &[&str]) -> Output {
        self.command(method, arguments).output().expect("fourd starts")
    }

    /// The lines of a run without errors.
    fn lines(&self, method: &str, arguments: &[&str]) -> Vec<String> {
        let output = self.run(method, arguments);
        assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect()
    }

    /// What a run is refused with.
    fn refused(&self, method: &str) -> String {
        let output = self.run(method, &[]);
        assert_eq!(output.status.code(), Some(2));
        assert!(output.stdout.is_empty());
        String::from_utf8_lossy(&output.stderr).into_owned()
    }
}

const STORE: &str = r#"
var $storage; $group; $cart : Object
var $blob : Blob
$storage:=Session.storage
TEXT TO BLOB("bytes"; $blob; UTF8 text without length)
Use ($storage)
	$storage.values:=New shared object("text"; "Grüße 🙂"; "date"; !2024-02-29!; "time"; ?10:20:30?; "real"; 0.1; "whole"; 3000000000; "yes"; True; "nothing"; Null; "blob"; $blob)
	$storage.plain:=42
	$storage.cart:=cs.Cart.new("Noor")
	$storage.signal:=New signal("lost")
	$storage.gone:=New shared object("n"; 1)
	$storage.a:=New shared object("n"; 1)
	$storage.b:=$storage.a
	$storage.catalog:=Storage
End use
$group:=$storage.a
Use ($group)
	$group.self:=$group
	$group.list:=New shared collection(1; "two"; !2024-01-01!)
	$group.list.push($group)
	$group.session:=$storage
End use
$storage.cart.add("hat").add("coat")
Use ($storage)
	OB REMOVE($storage; "gone")
End use
Session.setPrivileges("WebAdmin")
ALERT(Session.id)
ALERT(Session.createOTP(600))
ALERT(Session.info.creationDateTime)
"#;

const CART: &str = r#"property owner : Text
property items : Collection
shared Class constructor($owner : Text)
	This.owner:=$owner
	This.items:=New shared collection
shared Function add($item : Text) : cs.Cart
	This.items.push($item)
	return This
Function count() : Integer
	return This.items.length
"#;

const LOOK: &str = r#"#DECLARE($id : Text; $token : Text; $created : Text)
var $storage; $v; $a : Object
$storage:=Session storage by ID($id)
ALERT(OB Keys($storage).join(","))
$v:=$storage.values
ALERT($v.text+" "+String($v.date=!2024-02-29!)+" "+String(Time($v.time)=?10:20:30?)+" "+String($v.real)+" "+String($v.whole)+" "+String($v.yes)+" "+String($v.nothing=Null)+" "+BLOB to text($v.blob; UTF8 text without length))
ALERT(String(OB Instance of($storage.cart; cs.Cart))+" "+$storage.cart.owner+" "+String($storage.cart.count())+" "+$storage.cart.items.join(","))
$a:=$storage.a
ALERT(String($a=$storage.b)+" "+String($a.self=$a)+" "+String($a.list.length)+" "+String($a.list[3]=$a)+" "+String($a.session=$storage))
Use ($a)
	$a.list[1]:="one group"
End use
ALERT($a.list[1])
Try
	Use ($storage)
		$a.n:=5
	End use
Catch
	ALERT("the storage is no part of it")
End try
ALERT(String($storage.catalog=Storage)+" "+String(Session info($id).creationDateTime=$created)+" "+Session info($id).type)
ALERT(String(Session.id=$id)+" "+String(Session.restore($token))+" "+String(Session.id=$id)+" "+Session.getPrivileges().join(","))
ALERT(String(Session.restore($token)))
"#;

#[test]
fn everything_comes_back() {
    let folder = Folder::new("all", &[("store.4dm", STORE), ("look.4dm", LOOK), ("Classes/Cart.4dm", CART)]);
    let said = folder.lines("store", &[]);
    let arguments: Vec<&str> = said.iter().map(String::as_str).collect();
    let expected = [
        "values,plain,cart,a,b,catalog",
        "Grüße 🙂 True True 0.1 3000000000 True True bytes",
        "True Noor 2 hat,coat",
        "True True 4 True True",
        "one group",
        "the storage is no part of it",
        "True True standalone",
        "False True True WebAdmin",
        "False",
    ];
    assert_eq!(folder.lines("look", &arguments), expected);
    // The token is used up in the file too; what was changed meanwhile is there.
    let again = folder.lines("look", &arguments);
    assert_eq!(again[..7], expected[..7]);
    assert_eq!(again[7], "False False False ");
    // Without the class, its objects are plain ones.
    fs::remove_file(folder.0.join("Classes/Cart.4dm")).expect("the class goes");
    let bare = "#DECLARE($id : Text)\nALERT(Session storage by ID($id).cart.items.join(\",\"))\n";
    fs::write(folder.0.join("bare.4dm"), bare).expect("a method");
    assert_eq!(folder.lines("bare", &arguments[..1]), ["hat,coat"]);
}

#[test]
fn runs_that_store_nothing_leave_nothing() {
    let folder = Folder::new(
        "nothing",
        &[
            ("main.4dm", "ALERT(Session.id)\n"),
            ("look.4dm", "#DECLARE($id : Text)\nALERT(String(Session storage by ID($id)=Null))\n"),
        ],
    );
    let id = folder.lines("main", &[]);
    assert_eq!(folder.lines("look", &[&id[0]]), ["True"]);
}

#[test]
fn other_files_are_left_as_they_are() {
    let folder = Folder::new("foreign", &[("main.4dm", "ALERT(\"runs\")\n")]);
    fs::write(folder.file(), "dear diary").expect("a file");
    assert!(folder.refused("main").contains("is not a session file"));
    assert_eq!(fs::read(folder.file()).expect("the file"), b"dear diary");
    // A database of somebody else.
    fs::remove_file(folder.file()).expect("the file goes");
    fs::create_dir(folder.file()).expect("a folder");
    assert!(folder.refused("main").contains("is not a session file"));
    fs::remove_dir(folder.file()).expect("the folder goes");
    // An empty file can be one.
    fs::write(folder.file(), "").expect("a file");
    assert_eq!(folder.lines("main", &[]), ["runs"]);
}

#[test]
fn damage_is_told() {
    let store = "var $i : Integer\nUse (Session.storage)\n\tFor ($i; 1; 300)\n\t\tSession.storage[\"p\"+String($i)]:=New shared object(\"x\"; \"x\"*2000)\n\tEnd for\nEnd use\n";
    let folder = Folder::new("damage", &[("main.4dm", store)]);
    assert!(folder.lines("main", &[]).is_empty());
    let whole = fs::read(folder.file()).expect("the file");
    // In what was stored, and in what holds it together: told, and the file left as it is.
    let stored = whole.windows(2000).enumerate().filter(|(_, bytes)| bytes.iter().all(|byte| *byte == b'x'));
    let stored: Vec<usize> = stored.map(|(at, _)| at + 50).collect();
    assert!(stored.len() >= 300, "only {} texts are there", stored.len());
    for at in stored.iter().step_by(29).copied().chain((0..whole.len()).step_by(whole.len() / 23)) {
        let mut bytes = whole.clone();
        let end = (at + 300).min(bytes.len());
        bytes[at..end].iter_mut().for_each(|byte| *byte ^= 0x5A);
        fs::write(folder.file(), &bytes).expect("a file");
        let output = folder.run("main", &[]);
        let errors = String::from_utf8_lossy(&output.stderr);
        match output.status.code() {
            Some(0) if !stored.contains(&at) => {} // a page that is not in use, or the end of one
            Some(2) => {
                assert!(errors.contains("damaged") || errors.contains("is not a session file"), "{errors}");
                let after = fs::read(folder.file()).expect("the file");
                assert!(stored.contains(&at) <= (after[at..end] == bytes[at..end]));
            }
            other => panic!("{at}: {other:?}: {errors}"),
        }
    }
    fs::write(folder.file(), &whole[..whole.len() / 2]).expect("a file");
    assert!(folder.refused("main").contains("damaged"));
}

#[test]
fn one_program_at_a_time() {
    let wait =
        "Use (Session.storage)\n\tSession.storage.n:=1\nEnd use\nALERT(\"ready\")\nDELAY PROCESS(1; 1200)\n";
    let folder = Folder::new("two", &[("wait.4dm", wait), ("main.4dm", "ALERT(\"runs\")\n")]);
    let mut first = folder.command("wait", &[]).stdout(Stdio::piped()).spawn().expect("fourd starts");
    let mut line = [0; 6];
    std::io::Read::read_exact(first.stdout.as_mut().expect("its output"), &mut line).expect("a line");
    assert!(folder.refused("main").contains("another program"));
    first.kill().expect("it can be killed");
    first.wait().expect("it ends");
    assert_eq!(folder.lines("main", &[]), ["runs"]);
}

/// When there is no room, `End use` fails; the program goes on with the new state, the file keeps the last one
/// that was complete, and everything is written when there is room again.
#[test]
fn a_full_disk_is_an_error_at_end_use() {
    let main = r#"#DECLARE($id : Text)
var $storage : Object
var $i : Integer
$storage:=Session.storage
Use ($storage)
	$storage.n:=0
End use
ALERT(Session.id)
For ($i; 1; 400)
	Try
		Use ($storage)
			$storage.n:=$i
			$storage["p"+String($i%40)]:="x"*50000
			$storage.m:=$i
		End use
		ALERT("kept "+String($i))
	Catch
		ALERT("error "+String(Last errors[0].errCode)+" "+String($storage.m))
		break
	End try
End for
"#;
    let look = "#DECLARE($id : Text)\nALERT(String(Session storage by ID($id).n)+\" \"+String(Num(Session storage by ID($id).m)))\n";
    let folder = Folder::new("full", &[("main.4dm", main), ("look.4dm", look)]);
    let mut command = Command::new("sh");
    // Files may not grow beyond 1 MB; the signal that would tell of it is ignored.
    command.args([
        "-c",
        "trap '' XFSZ; ulimit -f 1024; exec \"$@\"",
        "sh",
        env!("CARGO_BIN_EXE_fourd"),
        "run",
    ]);
    command.arg("--sessions").arg(folder.file()).arg(folder.0.join("main.4dm"));
    let output = command.output().expect("fourd starts");
    let said = String::from_utf8_lossy(&output.stdout);
    let lines: Vec<&str> = said.lines().collect();
    let last = lines.iter().rev().find_map(|line| line.strip_prefix("kept ")).expect("some was kept");
    let failed: usize = last.parse::<usize>().expect("a number") + 1;
    assert_eq!(lines.last(), Some(&format!("error 11 {failed}").as_str()), "{said}");
    let seen = folder.lines("look", &lines[..1]);
    assert_eq!(seen, [format!("{last} {last}")]);
}

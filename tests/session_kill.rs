//! `kill -9` at random moments: a program with several processes writes to the storages of sessions that
//! are kept in a file, and says on its output what `End use` has acknowledged. Whenever it is killed, the
//! file opens, holds everything that was acknowledged, and holds no half of an `Use`.
//!
//! `FOURD_KILL_ROUNDS=1000 cargo test --test session_kill -- --nocapture` goes on for longer.
#![cfg(unix)]
#![allow(clippy::disallowed_methods, clippy::disallowed_types)] // a harness stands outside

use fourd::engine::Engine;
use fourd::host::{Host, os::OsHost};
use fourd::project::Project;
use fourd::runtime::{DurableRegistry, Runtime, Session, SessionKind};
use fourd::value::{SharedCollection, SharedObject, SharedValue};
use std::collections::HashMap;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

const SESSIONS: usize = 4;
const PROCESSES: usize = 5;

const MAIN: &str = r#"#DECLARE($ids : Text)
var $i : Integer
For ($i; 1; 5)
	New process("write"; 0; "p"+String($i); $i; $ids)
End for
"#;

/// Each turn of a process changes, in storages chosen at random: its own counter with what belongs to it;
/// a list, by a function that enters `Use` by itself; objects that come and go; an object that lies in all
/// storages.
const WRITE: &str = r#"#DECLARE($p : Integer; $ids : Text)
var $all : Collection
var $i; $n : Integer
var $storage; $counter; $common : Object
var $own : Text
$all:=Split string($ids; ",")
$own:="p"+String($p)
While (True)
	$i:=Random%$all.length
	$storage:=Session storage by ID($all[$i])
	If ($storage[$own]=Null)
		Use ($storage)
			$storage[$own]:=New shared object("n"; 0; "double"; 0; "text"; "0"; "list"; New shared collection)
		End use
	End if
	$counter:=$storage[$own]
	Use ($counter)
		$counter.n:=$counter.n+1
		$n:=$counter.n
		If (Random%3=0)
			IDLE
		End if
		$counter.part:=New shared object("n"; $n)
		$counter.part.in:=New shared object("n"; $n)
		$counter.self:=$counter
		$counter.double:=$n*2
		Use ($counter.list)
			$counter.list.push($n)
			If ($counter.list.length>5)
				$counter.list.shift()
			End if
		End use
		$counter.text:=String($n)
		If (Random%4=0)
			OB REMOVE($counter; "sometimes")
		Else
			$counter.sometimes:=New shared collection($n)
			$counter.sometimes.push(New shared object("n"; $n))
		End if
	End use
	ALERT("n "+String($i)+" "+String($p)+" "+String($n))
	$common:=$storage.common
	Use ($common)
		$common.total:=$common.total+1
		$common[$own]:=Num($common[$own])+1
		$n:=$common[$own]
	End use
	ALERT("c 0 "+String($p)+" "+String($n))
	Use ($storage)
		$storage["t"+$own]:=Num($storage["t"+$own])+1
		$n:=$storage["t"+$own]
		$storage["u"+$own]:=$n
		$storage["last"+$own]:=New shared object("n"; $n)
	End use
	ALERT("t "+String($i)+" "+String($p)+" "+String($n))
End while
"#;

struct Stored {
    _engine: Engine,
    sessions: Vec<Arc<Session>>,
}

/// Opens a session file as fourd does.
fn open(path: &Path) -> Stored {
    let host = Arc::new(OsHost::new());
    let registry = DurableRegistry::open(path, host.files());
    let registry = registry.unwrap_or_else(|error| panic!("the file does not open: {error}"));
    let engine = Engine::with_runtime(host, Project::default(), Runtime::new(Box::new(registry)));
    let sessions = engine.shared().runtime.sessions().all(engine.shared().moment());
    Stored { _engine: engine, sessions }
}

fn prepare(folder: &Path) -> (PathBuf, Vec<String>) {
    let _ = fs::remove_dir_all(folder);
    fs::create_dir_all(folder).expect("a folder");
    fs::write(folder.join("main.4dm"), MAIN).expect("a method");
    fs::write(folder.join("write.4dm"), WRITE).expect("a method");
    let file = folder.join("sessions");
    let stored = open(&file);
    let runtime = &stored._engine.shared().runtime;
    let now = stored._engine.shared().moment();
    let mut ids = Vec::new();
    let mut process = stored._engine.main_process();
    let common = SharedObject::new();
    for user in 0..SESSIONS {
        let session = runtime.open_session(SessionKind::Remote, &format!("user {user}"), now);
        ids.push(session.id_text().to_string());
        let storage = fourd::value::Value::SharedObject(session.storage.clone());
        let put = |process: &mut fourd::vm::Process, into: &SharedObject, name: &str, value: SharedValue| {
            process.with_caller(|caller| into.set(&name.into(), value, caller))
        };
        let both = process.using(&fourd::value::Value::SharedObject(common.clone()), |process| {
            put(process, &common, "total", SharedValue::Integer(0))?;
            process.using(&storage, |process| {
                put(process, &session.storage, "common", SharedValue::Object(common.clone()))
            })
        });
        both.expect("the storage can be written");
    }
    (file, ids)
}

fn start(folder: &Path, file: &Path, ids: &[String]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_fourd"))
        .args(["run", "--server", "--sessions"])
        .args([file, &folder.join("main.4dm"), Path::new("--")])
        .arg(ids.join(","))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("fourd starts")
}

/// What was acknowledged last, by kind, session and process.
type Acknowledged = HashMap<(String, usize, usize), i64>;

/// Lets the program run for a while and kills it; reads what it has said.
fn kill_after(mut child: Child, time: Duration, acknowledged: &mut Acknowledged) -> usize {
    let output = child.stdout.take().expect("its output");
    let reader = std::thread::spawn(move || {
        let mut lines = Vec::new();
        let mut output = BufReader::new(output);
        let mut line = Vec::new();
        while output.read_until(b'\n', &mut line).is_ok_and(|count| count > 0) {
            // a line that was cut off says nothing
            if line.ends_with(b"\n") {
                lines.push(String::from_utf8_lossy(&line).trim_end().to_owned());
            }
            line.clear();
        }
        lines
    });
    std::thread::sleep(time);
    child.kill().expect("it can be killed");
    let result = child.wait_with_output().expect("it ends");
    let errors = String::from_utf8_lossy(&result.stderr);
    assert!(errors.is_empty(), "{errors}");
    let lines = reader.join().expect("its output was read");
    for line in &lines {
        let mut words = line.split(' ');
        let mut next = || words.next().unwrap_or_else(|| panic!("{line}"));
        let (kind, session, process, n) = (next(), next(), next(), next());
        let number = |word: &str| word.parse::<i64>().unwrap_or_else(|_| panic!("{line}"));
        let key = (kind.to_owned(), number(session) as usize, number(process) as usize);
        let last = acknowledged.entry(key).or_default();
        *last = number(n).max(*last);
    }
    lines.len()
}

fn number(object: &SharedObject, name: &str) -> i64 {
    match object.get(name) {
        Some(SharedValue::Integer(n)) => n.into(),
        Some(SharedValue::Real(n)) => n as i64,
        None => 0,
        other => panic!("{name} is {other:?}"),
    }
}

fn object(object: &SharedObject, name: &str) -> Option<SharedObject> {
    match object.get(name) {
        Some(SharedValue::Object(found)) => Some(found),
        None => None,
        other => panic!("{name} is {other:?}"),
    }
}

fn list(object: &SharedObject, name: &str) -> Option<SharedCollection> {
    match object.get(name) {
        Some(SharedValue::Collection(found)) => Some(found),
        None => None,
        other => panic!("{name} is {other:?}"),
    }
}

/// A counter and what belongs to it: all of one `Use`.
fn check_counter(counter: &SharedObject) -> i64 {
    let n = number(counter, "n");
    assert_eq!(number(counter, "double"), n * 2);
    assert!(matches!(counter.get("text"), Some(SharedValue::Text(text)) if text.as_str() == n.to_string()));
    let items = list(counter, "list").expect("a list").to_vec();
    assert_eq!(items.len() as i64, n.min(5));
    if n > 0 {
        assert!(matches!(items.last(), Some(SharedValue::Integer(last)) if i64::from(*last) == n));
        let part = object(counter, "part").expect("a part");
        assert_eq!(number(&part, "n"), n);
        assert_eq!(number(&object(&part, "in").expect("a part of the part"), "n"), n);
        assert!(object(counter, "self").expect("itself").ptr_eq(counter));
        assert_eq!(part.locking_identifier(), counter.locking_identifier());
    }
    if let Some(items) = list(counter, "sometimes") {
        let Some(SharedValue::Object(last)) = items.get(1) else { panic!("{items:?}") };
        assert_eq!(number(&last, "n"), n);
    }
    n
}

/// Everything that was acknowledged is there; what is there may be one step further.
fn verify(file: &Path, ids: &[String], acknowledged: &mut Acknowledged) {
    let stored = open(file);
    let storages: Vec<SharedObject> = ids
        .iter()
        .map(|id| {
            let found = stored.sessions.iter().find(|session| session.id_text().as_str() == id);
            let session = found.unwrap_or_else(|| panic!("session {id} is lost"));
            assert_eq!(session.kind, SessionKind::Remote);
            session.storage.clone()
        })
        .collect();
    let commons: Vec<_> = storages.iter().map(|s| object(s, "common").expect("the common object")).collect();
    assert!(commons.iter().all(|one| one.ptr_eq(&commons[0])), "the common object was split");
    let mut sum = 0;
    let mut seen = Vec::new();
    for p in 1..=PROCESSES {
        let own = number(&commons[0], &format!("p{p}"));
        sum += own;
        seen.push((("c".to_owned(), 0, p), own));
        for (at, storage) in storages.iter().enumerate() {
            let counted = object(storage, &format!("p{p}")).map_or(0, |counter| check_counter(&counter));
            seen.push((("n".to_owned(), at, p), counted));
            let turns = number(storage, &format!("tp{p}"));
            assert_eq!(number(storage, &format!("up{p}")), turns);
            let last = object(storage, &format!("lastp{p}")).map_or(0, |last| number(&last, "n"));
            assert_eq!(last, turns);
            seen.push((("t".to_owned(), at, p), turns));
        }
    }
    assert_eq!(number(&commons[0], "total"), sum);
    for (key, found) in seen {
        let told = acknowledged.get(&key).copied().unwrap_or(0);
        assert!(found == told || found == told + 1, "{key:?}: acknowledged {told}, found {found}");
        acknowledged.insert(key, found);
    }
}

fn rounds() -> usize {
    std::env::var("FOURD_KILL_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(6)
}

/// Good enough to choose moments.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

#[test]
fn nothing_acknowledged_is_lost() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("session-kill");
    let (file, ids) = prepare(&folder);
    let seed = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("a time").as_nanos();
    let mut chance = Chance(seed as u64);
    let (mut acknowledged, mut lines, begin) = (Acknowledged::new(), 0, Instant::now());
    let mut opening = Duration::ZERO;
    for round in 0..rounds() {
        let child = start(&folder, &file, &ids);
        lines += kill_after(child, Duration::from_millis(5 + chance.below(220)), &mut acknowledged);
        let from = Instant::now();
        verify(&file, &ids, &mut acknowledged);
        opening += from.elapsed();
        if round % 100 == 99 {
            let size = fs::metadata(&file).expect("the file").len();
            println!("{} rounds, {lines} acknowledged, file of {size} bytes", round + 1);
        }
    }
    let rounds = u32::try_from(rounds().max(1)).expect("fewer rounds");
    println!(
        "{rounds} rounds in {:.1} s, {lines} states acknowledged, none lost; opening takes {:.1} ms",
        begin.elapsed().as_secs_f64(),
        opening.as_secs_f64() * 1000.0 / f64::from(rounds)
    );
}

#[test]
fn a_file_that_was_being_made_opens() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("session-kill-new");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder");
    fs::write(
        folder.join("main.4dm"),
        "Use (Session.storage)\nSession.storage.n:=1\nEnd use\nALERT(Session.id)\nDELAY PROCESS(1; 600)\n",
    )
    .expect("a method");
    let file = folder.join("sessions");
    let mut chance = Chance(u64::from(std::process::id()));
    for _ in 0..rounds().div_ceil(2).min(200) {
        let _ = fs::remove_file(&file);
        let mut child = start(&folder, &file, &[]);
        std::thread::sleep(Duration::from_micros(chance.below(40_000)));
        child.kill().expect("it can be killed");
        let said = child.wait_with_output().expect("it ends");
        let stored = open(&file);
        let said = String::from_utf8_lossy(&said.stdout);
        if let Some(id) = said.lines().next() {
            let found = stored.sessions.iter().find(|session| session.id_text().as_str() == id);
            assert_eq!(number(&found.expect("the session").storage, "n"), 1);
        }
    }
    let left = fs::read_dir(&folder).expect("the folder").count();
    assert!(left <= 3, "{left} files are left");
}

//! Sessions of several users in one engine, as a server has them; processes that are aborted; exact
//! counts under load.

use fourd::engine::{Engine, Outcome};
use fourd::host::{Host, memory::MemoryHost};
use fourd::project;
use fourd::runtime::{Moment, Runtime, SessionKind};
use std::sync::Arc;

/// An engine over files in memory, as a server or not.
fn engine(files: &[(&str, &str)], server: bool) -> (Arc<MemoryHost>, Engine) {
    let host = files.iter().fold(MemoryHost::new(), |host, (path, text)| host.with_file(path, text));
    let host = Arc::new(host);
    let project = project::discover("/p/main.4dm".as_ref(), host.files()).expect("a project");
    let mut runtime = Runtime::default();
    runtime.server = server;
    let engine = Engine::with_runtime(Arc::clone(&host) as Arc<dyn Host>, project, runtime);
    (host, engine)
}

fn run(host: &MemoryHost, engine: &Engine) -> String {
    let outcome = engine.run("main", Vec::new());
    assert!(matches!(outcome, Outcome::Completed), "{outcome:?}\n{}", host.errors());
    host.output()
}

const SET: &str = r#"#DECLARE($id : Text; $text : Text)
var $storage : Object
$storage:=Session storage by ID($id)
If ($storage.settings=Null)
	Use ($storage)
		$storage.settings:=New shared object("text"; $text)
	End use
Else
	Use ($storage.settings)
		$storage.settings.text:=$text
	End use
End if
"#;

#[test]
fn a_server_lists_sessions_and_reaches_their_storages() {
    let main = r#"
var $activity; $session : Object
$activity:=Process activity
ALERT(Session.info.type+" "+String($activity.sessions.length))
For each ($session; $activity.sessions)
	setSettings($session.ID; "for "+$session.userName)
	setSettings($session.ID; "again "+$session.userName)
End for each
For each ($session; Process activity(Sessions only).sessions)
	ALERT($session.type+": "+Session storage($session.ID).settings.text)
End for each
ALERT(String(Process activity($activity.sessions.query("type = remote").first().ID).processes.length))
ALERT(String(Process activity("nobody")=Null))
ALERT($activity.processes[0].session.ID=Session.id ? "own session" : "another session")
ALERT(String(Process activity(Processes only).processes[0].session=Null))
ALERT(String(Count users))
"#;
    let (host, engine) = engine(&[("/p/main.4dm", main), ("/p/setSettings.4dm", SET)], true);
    let runtime = &engine.shared().runtime;
    let now = engine.shared().moment();
    let ann = runtime.open_session(SessionKind::Remote, "Ann", now);
    runtime.open_session(SessionKind::Web, "Bob", now + Moment::from_secs(1));
    let expected = "storedProcedure 3\nstoredProcedure: again designer\nremote: again Ann\nweb: again Bob\n\
                    0\nTrue\nown session\nTrue\n1\n";
    let seen = run(&host, &engine);
    let sort = |text: &str| {
        let mut lines: Vec<_> = text.lines().map(str::to_owned).collect();
        lines[1..4].sort();
        lines
    };
    assert_eq!(sort(&seen), sort(expected));
    assert!(ann.storage.has("settings"));
}

#[test]
fn aborted_processes_run_their_exit_formulas_and_let_go_of_locks() {
    let main = r#"
var $ready : 4D.Signal
var $shared : Object
var $process : Integer
$shared:=New shared object("n"; 0)
$ready:=New signal
$process:=New process("holdForEver"; 0; "holder"; $shared; $ready)
$ready.wait()
ABORT PROCESS BY ID(Process info($process).ID)
Use ($shared)
	$shared.n:=$shared.n+1
End use
ALERT(String($shared.n)+" "+String(Test semaphore("held")))
"#;
    let hold = r#"#DECLARE($shared : Object; $ready : 4D.Signal)
defer(ALERT("cleaning up"))
Use ($shared)
	$shared.n:=41
	If (Not(Semaphore("held")))
		$ready.trigger()
		While (True)
			$shared.n:=41
		End while
	End if
End use
"#;
    let (host, engine) = engine(&[("/p/main.4dm", main), ("/p/holdForEver.4dm", hold)], true);
    let seen = run(&host, &engine);
    assert!(seen == "cleaning up\n42 False\n" || seen == "cleaning up\n42 True\n", "{seen}");
}

#[test]
fn an_error_in_a_process_is_reported_and_remembered() {
    let main = "CALL WORKER(\"w\"; \"fails\")\nCALL WORKER(\"w\"; Formula(ALERT(\"the worker goes on\")))\n";
    let (host, engine) = engine(&[("/p/main.4dm", main), ("/p/fails.4dm", "throw(12; \"no\")\n")], false);
    assert!(matches!(engine.run("main", Vec::new()), Outcome::Failed(_)));
    assert_eq!(host.output(), "the worker goes on\n");
    assert!(host.errors().contains("process \"w\": error 12: no"), "{}", host.errors());
}

/// Many processes over many sessions: increments, errors inside `Use`, groups that are joined, and
/// processes that are aborted on the way. A storage's total is always the sum of what was counted with it.
#[test]
fn counts_stay_exact_under_load() {
    let main = r#"
var $i; $j; $turns; $process : Integer
var $sessions; $processes; $signals : Collection
var $session; $counters : Object
var $done : 4D.Signal
$sessions:=Process activity(Sessions only).sessions.extract("ID")
For ($i; 0; $sessions.length-1)
	Use (Session storage($sessions[$i]))
		Session storage($sessions[$i]).counters:=New shared object("total"; 0)
	End use
End for
$processes:=[]
$signals:=[]
For ($i; 1; 24)
	$done:=New signal
	$signals.push($done)
	$processes.push(New process("load"; 0; "p"+String($i); $i; $sessions.join(","); $done))
End for
For ($i; 0; 23; 5)
	DELAY PROCESS(Current process; 1)
	ABORT PROCESS BY ID($processes[$i])
End for
For ($i; 0; 23)
	If (($i%5)#0)
		$signals[$i].wait()
	End if
End for
While (Count user processes>1)
	DELAY PROCESS(Current process; 1)
End while
$turns:=0
For ($i; 0; $sessions.length-1)
	$counters:=Session storage($sessions[$i]).counters
	For ($j; 1; 24)
		If ($counters["p"+String($j)]#Null)
			$turns:=$turns+$counters["p"+String($j)]
			Use ($counters)
				$counters.total:=$counters.total-$counters["p"+String($j)]
			End use
		End if
	End for
	If ($counters.total#0)
		ALERT("session "+String($i)+" is off by "+String($counters.total))
	End if
End for
ALERT($turns>=(19*400) ? "exact" : "only "+String($turns))
"#;
    let load = r#"#DECLARE($n : Integer; $ids : Text; $done : 4D.Signal)
var $i; $x : Integer
var $counters; $part : Object
var $sessions : Collection
var $own : Text
$sessions:=Split string($ids; ",")
$own:="p"+String($n)
$x:=$n*7919
For ($i; 1; 400)
	$x:=(($x*1103)+12345)%1000003
	$counters:=Session storage by ID($sessions[$x%$sessions.length]).counters
	Try
		$part:=New shared object("n"; $i)
		Use ($counters)
			If ($counters[$own]=Null)
				$counters[$own]:=0
			End if
			$counters.total:=$counters.total+1
			$counters[$own]:=$counters[$own]+1
			$counters.part:=$part
			If (($x%10)=0)
				throw(1; "inside Use")
			End if
		End use
	Catch
	End try
End for
$done.trigger()
"#;
    let (host, engine) = engine(&[("/p/main.4dm", main), ("/p/load.4dm", load)], true);
    for user in 0..8 {
        engine.shared().runtime.open_session(
            SessionKind::Remote,
            &format!("user {user}"),
            engine.shared().moment(),
        );
    }
    assert_eq!(run(&host, &engine), "exact\n");
}

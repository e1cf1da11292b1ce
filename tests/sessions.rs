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

const ROLES: &str = r#"{
	"privileges": [
		{"privilege": "simple", "includes": []},
		{"privilege": "medium", "includes": ["simple"]},
		{"privilege": "super_admin"}
	],
	"roles": [{"role": "Medium", "privileges": ["medium"]}],
	"permissions": {"allowed": [
		{"applyTo": "Vault.open", "type": "singletonMethod", "promote": ["super_admin"]}
	]}
}"#;

/// Runs a method in a session; a fault is printed.
fn run_in(engine: &Engine, session: &Arc<fourd::runtime::Session>, method: &str) {
    let mut process = engine.main_process();
    process.enter_session(Arc::clone(session));
    let done = process.run_method(&fourd::text::Name::new(method), &[]);
    done.unwrap_or_else(|fault| panic!("{fault}"));
}

/// Source: API/SessionClass, ORDA/privileges, WebServer/sessions
#[test]
fn web_sessions_have_guests_privileges_and_an_end() {
    let look = r#"
var $id : Integer
ALERT("guest "+String(Session.isGuest())+" user <"+Session.userName+"> "+Session.info.type+" "+Session.info.hostType)
ALERT(String(Session.idleTimeout)+" "+String(Length(Session.expirationDate)))
Session.idleTimeout:=5
ALERT(String(Session.idleTimeout))
Session.idleTimeout:=120
ALERT(String(Session.idleTimeout))
Session.clearPrivileges()
ALERT(String(Session.setPrivileges({roles: "Medium"; userName: "Ann Smith"})))
ALERT("guest "+String(Session.isGuest())+" user <"+Session.userName+">")
ALERT(Session.getPrivileges().join(",")+" "+String(Session.hasPrivilege("SIMPLE"))+" "+String(Session.hasPrivilege("super_admin")))
Session.setPrivileges("super_admin, unknown")
ALERT(Session.getPrivileges().join(","))
ALERT(String(Session.clearPrivileges())+" "+String(Session.getPrivileges().length)+" "+String(Session.isGuest()))
Session.setPrivileges(["simple"])
Session.setPrivileges({privileges: ["WebAdmin"]})
ALERT(Session.getPrivileges().join(","))
ALERT(String(cs.Vault.me.open())+" "+String(cs.Vault.me.look())+" "+cs.Vault.me.raise())
ALERT(String(Session.hasPrivilege("medium"))+" "+String(Session.hasPrivilege("super_admin")))
"#;
    let vault = r#"shared singleton Class constructor()
Function open() : Boolean
	return This.look()
Function look() : Boolean
	return Session.hasPrivilege("super_admin")
Function raise() : Text
	var $a; $b; $c : Integer
	$a:=Session.promote("medium")
	$b:=Session.promote("simple")
	$c:=Session.promote("super_admin")
	return String($a>0)+" "+String($b)+" "+String($c>$a)+" "+String(This.look())+" "+Session.getPrivileges().join(",")
"#;
    let files = [
        ("/p/main.4dm", ""),
        ("/p/look.4dm", look),
        ("/p/Classes/Vault.4dm", vault),
        ("/p/Project/Sources/roles.json", ROLES),
    ];
    let (host, engine) = engine(&files, true);
    let web = engine.shared().runtime.open_session(SessionKind::Web, "", engine.shared().moment());
    run_in(&engine, &web, "look");
    let expected = "guest True user <> web browser\n60 24\n60\n120\nTrue\nguest False user <Ann Smith>\n\
                    simple,medium True False\nsimple,medium,super_admin\nTrue 0 False\nsimple,WebAdmin\n\
                    True False True 0 True True simple,WebAdmin\nFalse False\n";
    assert_eq!(host.output(), expected);
    let later = engine.shared().moment() + Moment::from_secs(121 * 60);
    assert!(engine.shared().runtime.sessions().find(web.id, later).is_none());
}

/// Source: API/SessionClass (.createOTP(), .restore())
#[test]
fn a_token_leads_to_its_session_once() {
    let first = "Use (Session.storage)\n\tSession.storage.step:=\"waiting\"\nEnd use\nvar <>token : Text\n\
                 <>token:=Session.createOTP()\nALERT(String(Length(<>token)))\n";
    let second = r#"
var $own : Text
$own:=Session.id
ALERT(String(Session.restore("nonsense"))+" "+String(Session.id=$own))
ALERT(String(Session.restore(<>token))+" "+String(Session.id=$own)+" "+Session.storage.step)
ALERT(String(Session.restore(<>token)))
ALERT(String(Session.restore(Session.createOTP(0))))
"#;
    let files = [("/p/main.4dm", ""), ("/p/first.4dm", first), ("/p/second.4dm", second)];
    let (host, engine) = engine(&files, true);
    let now = engine.shared().moment();
    let web = engine.shared().runtime.open_session(SessionKind::Web, "", now);
    let other = engine.shared().runtime.open_session(SessionKind::Web, "", now);
    run_in(&engine, &web, "first");
    run_in(&engine, &other, "second");
    assert_eq!(host.output(), "32\nFalse True\nTrue False waiting\nFalse\nFalse\n");
}

/// Source: Concepts/classes (session singletons)
#[test]
fn each_session_has_its_own_singletons_until_it_ends() {
    let inventory = "property items : Collection\nsession singleton Class constructor()\n\
                     \tThis.items:=New shared collection\nshared Function add($item : Text) : Integer\n\
                     \tThis.items.push($item)\n\treturn This.items.length\n";
    let add = "ALERT(String(cs.Inventory.me.add(\"hat\"))+\" \"+String(cs.Inventory.isSessionSingleton))\n";
    let files = [("/p/main.4dm", ""), ("/p/add.4dm", add), ("/p/Classes/Inventory.4dm", inventory)];
    let (host, engine) = engine(&files, true);
    let runtime = &engine.shared().runtime;
    let ann = runtime.open_session(SessionKind::Remote, "Ann", engine.shared().moment());
    let bob = runtime.open_session(SessionKind::Remote, "Bob", engine.shared().moment());
    for session in [&ann, &ann, &bob] {
        run_in(&engine, session, "add");
    }
    runtime.close_session(ann.id);
    run_in(&engine, &ann, "add");
    assert_eq!(host.output(), "1 True\n2 True\n1 True\n1 True\n");
}

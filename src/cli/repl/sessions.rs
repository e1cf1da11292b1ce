//! `.session` and `.sessions`: the sessions of other users, opened, looked at and closed from the prompt.

use super::command::Said;
use super::interpreter::Interpreter;
use super::show::shown;
use fourd::runtime::{Moment, Session, SessionKind, parse_id};
use fourd::value::Value;
use std::fmt::Write;
use std::sync::Arc;

/// `.session`, with what stands behind it.
pub(super) fn run(interpreter: &mut Interpreter, rest: &str) -> Said {
    let (word, parameter) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    let parameter = parameter.trim();
    match word {
        "" => match interpreter.process.session.clone() {
            Some(session) => Said::Text(described(&session)),
            None => Said::Trouble("the process has no session\n".to_owned()),
        },
        "open" if parameter.is_empty() => Said::Trouble("`.session open` needs a user's name\n".to_owned()),
        "open" => {
            let now = now(interpreter);
            let runtime = &interpreter.engine.shared().runtime;
            enter(interpreter, runtime.open_session(SessionKind::Remote, parameter, now))
        }
        "use" => match find(interpreter, parameter) {
            Ok(session) => enter(interpreter, session),
            Err(said) => said,
        },
        "close" => close(interpreter, parameter),
        id => find(interpreter, id).map_or_else(|said| said, |session| Said::Text(described(&session))),
    }
}

/// One line a session; the current one is marked.
pub(super) fn list(interpreter: &Interpreter) -> String {
    let shared = interpreter.engine.shared();
    let current = interpreter.process.session.as_ref().map(|session| session.id);
    let mut out = String::new();
    for session in shared.runtime.sessions().all(now(interpreter)) {
        let mark = if Some(session.id) == current { '*' } else { ' ' };
        let (kind, user) = (session.kind.as_str(), session.state().user);
        let earlier = if session.restored { ", from an earlier run" } else { "" };
        let count = session.storage.len();
        let _ =
            writeln!(out, "{mark} {} {kind:<15} {user:<15} {count} in storage{earlier}", session.id_text());
    }
    out
}

fn now(interpreter: &Interpreter) -> Moment {
    interpreter.engine.shared().moment()
}

fn find(interpreter: &Interpreter, id: &str) -> Result<Arc<Session>, Said> {
    let sessions = interpreter.engine.shared().runtime.sessions();
    let found = parse_id(id).and_then(|id| sessions.find(id, now(interpreter)));
    found.ok_or_else(|| Said::Trouble(format!("there is no session {id}\n")))
}

fn enter(interpreter: &mut Interpreter, session: Arc<Session>) -> Said {
    let text = format!("{}\n", session.id_text());
    interpreter.process.enter_session(session);
    Said::Text(text)
}

/// Who closes the current session goes on in the application's own, or in a new one in its place.
fn close(interpreter: &mut Interpreter, id: &str) -> Said {
    let current = interpreter.process.session.clone();
    let session = match (id, &current) {
        ("", Some(current)) => Arc::clone(current),
        (id, _) => match find(interpreter, id) {
            Ok(session) => session,
            Err(said) => return said,
        },
    };
    let (now, shared) = (now(interpreter), Arc::clone(interpreter.engine.shared()));
    shared.runtime.close_session(session.id);
    if current.is_none_or(|current| current.id == session.id) {
        let own = shared.runtime.live_sessions(now).into_iter().find(|one| one.kind.is_own());
        let own = own.unwrap_or_else(|| {
            let kind = match shared.runtime.server {
                true => SessionKind::StoredProcedure,
                false => SessionKind::Standalone,
            };
            shared.runtime.open_session(kind, "designer", now)
        });
        interpreter.process.enter_session(own);
    }
    Said::Text(String::new())
}

fn described(session: &Session) -> String {
    let storage = Value::SharedObject(session.storage.clone());
    let (id, kind, user) = (session.id_text(), session.kind.as_str(), session.state().user);
    format!("id: {id}\nkind: {kind}\nuser: {user}\nstorage: {}\n", shown(&storage))
}

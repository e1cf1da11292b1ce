//! The class 4D.Session. `Source: API/SessionClass`

use crate::command::bind::{Parameter, Reader};
use crate::command::parameters::{AnyCollection, AnyObject};
use crate::runtime::{Session, SessionObject, parse_id, same_name, write_id};
use crate::value::{Collection, ErrorCode, Fault, Object, Result, SharedObject, Text, Value, convert};
use crate::vm::{Process, Promotion, iso};
use std::sync::Arc;
use std::time::Duration;

members! {
    "4D.Session" {
        /// The session's UUID: 32 hexadecimal digits.
        get "id" () => |session: This| session.0.id_text().clone();
        /// The shared object that all processes of the session have in common.
        get "storage" () => |session: This| -> SharedObject { session.0.storage.clone() };
        /// The name of the user.
        get "userName" () => |session: This| session.0.state().user;
        /// Describes the session.
        get "info" () => |process: &mut Process, session: This| -> Object { process.session_info(&session.0) };
        /// When a web session ends, unless it is used before.
        get "expirationDate" () => expiration_date;
        /// After how many minutes without use a web session ends.
        get "idleTimeout" () => idle_timeout;
        set "idleTimeout" (minutes) => set_idle_timeout;
        /// Thresholds for REST requests; fourd has no REST server.
        get "quotas" () => quotas;
        /// Whether privileges were never given to a web session.
        function "isGuest" () => |session: This| session.0.state().guest;
        /// Gives the session privileges, by their names or by roles.
        function "setPrivileges" (privileges) => set_privileges;
        /// The names of the privileges that were set.
        function "getPrivileges" () => get_privileges;
        /// Whether the session has a privilege, or the running function was given it.
        function "hasPrivilege" (privilege) => has_privilege;
        /// Takes away all privileges that were set.
        function "clearPrivileges" () => clear_privileges;
        /// Gives the running function a privilege.
        function "promote" (privilege) => promote;
        /// Takes it away again.
        function "demote" (promoteId) => demote;
        /// Makes a token that leads to the session, once.
        function "createOTP" (lifespan) => create_otp;
        /// Goes on in the session that a token leads to.
        function "restore" (token) => restore;
    }
}

/// The session that a member is called on.
struct This(Arc<Session>);

impl Parameter for This {
    fn read(reader: &mut Reader<'_>) -> Result<Self> {
        let value = reader.take()?;
        let found = match &value {
            Value::Object(object) => object.native::<SessionObject>().map(|held| Self(Arc::clone(&held.0))),
            _ => None,
        };
        found.ok_or_else(|| reader.mismatch("a session", &value))
    }
}

/// Web sessions only.
fn expiration_date(session: This) -> Value {
    session.0.state().expires.map_or(Value::Undefined, |end| Value::from(iso(end).as_str()))
}

/// Web sessions only.
fn idle_timeout(session: This) -> Value {
    if !session.0.kind.expires() {
        return Value::Undefined;
    }
    Value::Integer(i32::try_from(session.0.state().idle_minutes).unwrap_or(i32::MAX))
}

fn set_idle_timeout(process: &mut Process, session: This, minutes: i32) -> Result<()> {
    if !session.0.kind.expires() {
        let message = "`idleTimeout` can be set in web sessions only: others do not end by themselves";
        return Err(Fault::new(ErrorCode::ReadOnly, message));
    }
    session.0.set_idle_timeout(u32::try_from(minutes).unwrap_or(0), process.moment());
    process.shared.runtime.sessions().save(&session.0)
}

fn quotas(_session: This) -> Result<Value> {
    Err(Fault::new(ErrorCode::NotProvided, "`Session.quotas` belongs to a REST server, and fourd has none"))
}

// ---- privileges

/// A name, several separated by commas, a collection of names, or an object with `privileges`, `roles`
/// and `userName`.
fn set_privileges(process: &mut Process, session: This, wanted: Value) -> Result<bool> {
    let (mut privileges, mut roles, mut user) = (Vec::new(), Vec::new(), None);
    match wanted {
        Value::Object(object) => {
            settings(&AnyObject::Private(object), &mut privileges, &mut roles, &mut user)?
        }
        Value::SharedObject(object) => {
            settings(&AnyObject::Shared(object), &mut privileges, &mut roles, &mut user)?;
        }
        names => privileges = names_in(&names)?,
    }
    let all = process.shared.runtime.roles.expand(&privileges, &roles);
    let web = session.0.kind.expires();
    process.shared.runtime.change_session(&session.0, |state| {
        state
            .privileges
            .extend(all.into_iter().filter(|name| !state.privileges.contains(name)).collect::<Vec<_>>());
        if web {
            state.guest = false;
            state.user = user.unwrap_or_else(|| std::mem::take(&mut state.user));
        }
    })?;
    Ok(true)
}

fn settings(
    object: &AnyObject,
    privileges: &mut Vec<String>,
    roles: &mut Vec<String>,
    user: &mut Option<String>,
) -> Result<()> {
    let get = |name: &str| match object {
        AnyObject::Private(object) => object.get(name),
        AnyObject::Shared(object) => object.get(name).map_or(Value::Undefined, Value::from),
    };
    *privileges = names_in(&get("privileges"))?;
    *roles = names_in(&get("roles"))?;
    if let Value::Text(name) = get("userName") {
        *user = Some(name.to_string());
    }
    Ok(())
}

fn names_in(value: &Value) -> Result<Vec<String>> {
    let names: Vec<Value> = match value {
        Value::Undefined | Value::Null => Vec::new(),
        Value::Text(text) => {
            let parts = text.split(',').map(|name| name.trim().to_owned());
            return Ok(parts.filter(|name| !name.is_empty()).collect());
        }
        Value::Collection(items) => items.to_vec(),
        Value::SharedCollection(items) => items.to_vec().into_iter().map(Value::from).collect(),
        _ => {
            let message = "Privileges and roles are given as a text or as a collection of texts";
            return Err(Fault::new(ErrorCode::ArgumentType, message));
        }
    };
    Ok(names
        .iter()
        .filter_map(|name| match name {
            Value::Text(name) => Some(name.to_string()),
            _ => None,
        })
        .collect())
}

fn get_privileges(session: This) -> AnyCollection {
    let names = session.0.state().privileges;
    AnyCollection::Private(Collection::from_values(
        names.iter().map(|name| Value::from(name.as_str())).collect(),
    ))
}

fn has_privilege(process: &mut Process, session: This, privilege: Text) -> bool {
    session.0.state().privileges.iter().any(|own| same_name(own, &privilege))
        || is_promoted(process, &privilege)
}

fn clear_privileges(process: &mut Process, session: This) -> Result<bool> {
    process.shared.runtime.change_session(&session.0, |state| state.privileges.clear())?;
    Ok(true)
}

fn is_promoted(process: &mut Process, privilege: &str) -> bool {
    if process.is_promoted_by_function(privilege) {
        return true;
    }
    let active = process.active_promotions();
    let runtime = &process.shared.runtime;
    let mut names = active.iter().map(|one| runtime.roles.expand(std::slice::from_ref(&one.privilege), &[]));
    names.any(|all| all.iter().any(|name| same_name(name, privilege)))
}

/// 0 for what is not declared or there already.
fn promote(process: &mut Process, _session: This, privilege: Text) -> i32 {
    if !process.shared.runtime.roles.has_privilege(&privilege) || is_promoted(process, &privilege) {
        return 0;
    }
    process.promote(privilege.to_string())
}

fn demote(process: &mut Process, _session: This, id: i32) {
    process.promotions.retain(|one: &Promotion| one.id != id);
}

// ---- tokens

/// What tokens of sessions that do not end by themselves are good for, in seconds.
const SHORT_LIFE: u64 = 10;

fn create_otp(process: &mut Process, session: This, seconds: Option<Value>) -> Result<String> {
    let web = u64::from(session.0.state().idle_minutes) * 60;
    let usual = if session.0.kind.expires() { web } else { SHORT_LIFE };
    let asked = seconds.and_then(|seconds| convert::as_integer(&seconds));
    let seconds = asked.map_or(usual, |seconds| u64::try_from(seconds).unwrap_or(0));
    let now = process.moment();
    let end = now.saturating_add(Duration::from_secs(seconds));
    Ok(write_id(process.shared.runtime.make_token(session.0.id, now, end)?))
}

fn restore(process: &mut Process, _session: This, token: Text) -> Result<bool> {
    let now = process.moment();
    let runtime = &process.shared.runtime;
    let Some(token) = parse_id(&token) else { return Ok(false) };
    let Some(session) = runtime.redeem_token(token, now)? else { return Ok(false) };
    if session.kind.expires() {
        session.touch(now);
        runtime.sessions().save(&session)?;
    }
    process.enter_session(session);
    Ok(true)
}

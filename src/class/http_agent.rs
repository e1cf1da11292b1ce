//! 4D.HTTPAgent: connections that requests share. `Source: API/HTTPAgentClass`

use super::listening::{Options, unfit};
use crate::command::bind::Plain;
use crate::command::http::GlobalAgent;
use crate::command::http::agent::{Agent, Limits};
use crate::command::parameters::AnyObject;
use crate::command::paths::Place;
use crate::value::{Object, Result, SharedNative, SharedObject, Text, Value, convert};
use crate::vm::Process;
use std::sync::Arc;

members! {
    "4D.HTTPAgent" {
        /// Makes an agent, which all processes may use.
        new "new" (options) => new;
        /// The options it works with.
        get "options" () => |process: &mut Process, agent: HttpAgent| agent.options(process);
        /// The options it works with.
        get "params" () => |process: &mut Process, agent: HttpAgent| agent.options(process);
        /// How many requests it handles now.
        get "requestsCount" () => |agent: HttpAgent| convert::whole(agent.agent.count_requests() as i64);
        /// How many connections it keeps open for requests to come.
        get "freeSocketsCount" () => |process: &mut Process, agent: HttpAgent| {
            convert::whole(agent.agent.count_free(process.shared.host.clock().elapsed()) as i64)
        };
    }
}

/// What a 4D.HTTPAgent object holds.
#[derive(Clone)]
pub(super) struct HttpAgent {
    pub agent: Arc<Agent>,
    pub defaults: Arc<Defaults>,
}

/// What requests have that do not say otherwise.
#[derive(Default)]
pub(super) struct Defaults {
    pub certificates: Option<Place>,
    pub minimum: Option<Text>,
    pub protocol: Option<Text>,
    pub store_name: Option<Text>,
    pub timeout: Option<f64>,
    pub validate: Option<bool>,
}

impl SharedNative for HttpAgent {}

impl Plain for HttpAgent {
    const EXPECTED: &'static str = "a 4D.HTTPAgent";

    fn from_value(value: Value) -> std::result::Result<Self, Value> {
        Self::of(&value).ok_or(value)
    }
}

fn count(options: &Options, process: &mut Process, name: &str) -> Result<usize> {
    let given = options.number(process, name)?.filter(|number| *number >= 1.0);
    Ok(given.map_or(65_535, |number| number as usize))
}

fn new(process: &mut Process, _class: Value, options: Option<AnyObject>) -> Result<SharedObject> {
    let options = Options::of(options);
    let timeout = options.number(process, "timeout")?;
    let limits = Limits {
        keep_alive: options.boolean(process, "keepAlive")?.unwrap_or(true),
        each: count(&options, process, "maxSockets")?,
        total: count(&options, process, "maxTotalSockets")?,
        unused: options.seconds(process, "timeout")?,
    };
    let folder = options.get(process, "certificatesFolder")?;
    let certificates = match &folder {
        Value::Undefined => None,
        other => match Place::of_value(other) {
            Some(place) if place.is_folder => Some(place),
            _ => return Err(unfit("certificatesFolder", "a folder", other)),
        },
    };
    let defaults = Defaults {
        certificates,
        minimum: options.text(process, "minTLSVersion")?,
        protocol: options.text(process, "protocol")?,
        store_name: options.text(process, "storeCertificateName")?,
        timeout,
        validate: options.boolean(process, "validateTLSCertificate")?,
    };
    let agent = HttpAgent { agent: Arc::new(Agent::new(limits)), defaults: Arc::new(defaults) };
    Ok(agent.object(process))
}

impl HttpAgent {
    pub fn of(value: &Value) -> Option<Self> {
        match value {
            Value::SharedObject(object) => object.native::<Self>().cloned(),
            _ => None,
        }
    }

    fn object(self, process: &Process) -> SharedObject {
        let root = process.shared.program.builtin_class("HTTPAgent").root;
        SharedObject::new_native(root, Box::new(self))
    }

    /// The agent of requests that name none, as an object.
    pub fn global(process: &Process) -> SharedObject {
        let global = process.shared.runtime.part::<GlobalAgent>();
        let mut object = global.object.lock();
        let make = || Self { agent: Arc::clone(&global.agent), defaults: Arc::default() }.object(process);
        object.get_or_insert_with(make).clone()
    }

    fn options(&self, process: &Process) -> Value {
        let (limits, defaults) = (&self.agent.limits, &self.defaults);
        let object = Object::new();
        let text = |text: &Option<Text>| text.clone().map(Value::Text);
        let all = [
            ("keepAlive", Some(Value::Boolean(limits.keep_alive))),
            ("maxSockets", Some(convert::whole(limits.each as i64))),
            ("maxTotalSockets", Some(convert::whole(limits.total as i64))),
            ("timeout", defaults.timeout.map(Value::from)),
            ("minTLSVersion", text(&defaults.minimum)),
            ("protocol", text(&defaults.protocol)),
            ("storeCertificateName", text(&defaults.store_name)),
            ("validateTLSCertificate", defaults.validate.map(Value::Boolean)),
            ("certificatesFolder", defaults.certificates.clone().map(|folder| folder.object(process))),
        ];
        for (name, value) in all {
            if let Some(value) = value {
                object.set(&Text::from(name), value);
            }
        }
        Value::Object(object)
    }
}

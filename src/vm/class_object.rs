//! Classes and class stores as 4D code sees them: `cs`, `4D`, `cs.Person`, `cs.Person.new(…)`,
//! `cs.Settings.me`. `Source: API/ClassClass, API/ClassStoreClass, Concepts/classes`

use super::call::{bare_instance, find_constructor, find_function};
use super::function::FunctionObject;
use super::members::{Cached, find_getter};
use super::process::{NativeMember, Process};
use crate::code::program::{Code, MemberSite};
use crate::text::Name;
use crate::value::class::Singleton;
use crate::value::{
    Class, ErrorCode, Fault, Function, Native, Object, PortableNative, Result, Shape, SharedObject, Text,
    Value,
};
use std::sync::Arc;

/// The content of a class object or of a class store.
#[derive(Clone)]
pub enum ClassObject {
    /// `cs`
    UserStore,
    /// `4D`
    BuiltinStore,
    /// `cs.Person`, `4D.File`
    Class(Class),
}

/// What a process remembers of a class of the program.
#[derive(Default)]
pub(super) struct Known {
    /// The object that stands for it.
    object: Option<Object>,
    /// `Some(None)`: it was looked for, and there is none.
    plan: Option<Option<Plan>>,
}

/// Instances are made by running a constructor, and nothing else.
#[derive(Clone, Copy)]
struct Plan {
    constructor: *const Code,
    root: &'static Shape,
}

impl Native for ClassObject {
    fn copy(&self) -> Option<Box<dyn Native>> {
        Some(Box::new(self.clone()))
    }

    fn portable(&self) -> Option<Box<dyn PortableNative>> {
        Some(Box::new(self.clone()))
    }
}

/// Classes are the same in all processes. `Source: Concepts/classes (Class object)`
impl PortableNative for ClassObject {
    fn arrive(self: Box<Self>) -> Box<dyn Native> {
        self
    }
}

/// Built-in classes that are there to be inherited from. `Source: API/ClassClass (.superclass)`
const PARENTS: [&str; 3] = ["Object", "Document", "Directory"];

impl ClassObject {
    /// What `For each` and `OB Keys` list: a store's classes, a class's functions.
    #[must_use]
    pub fn member_names(&self, process: &Process) -> Vec<Text> {
        match self {
            Self::UserStore => {
                process.shared.program.class_names().iter().map(|n| Text::from(n.as_str())).collect()
            }
            Self::BuiltinStore => crate::catalog::classes()
                .iter()
                .filter_map(|c| c.name.strip_prefix("4D."))
                .chain(PARENTS)
                .map(Text::from)
                .collect(),
            Self::Class(_) => ["name", "superclass"].into_iter().map(Text::from).collect(),
        }
    }

    /// Why a member cannot be assigned: those that 4D keeps are read-only.
    pub(super) fn refuses(&self, name: &str) -> Option<Fault> {
        let message = match self {
            Self::UserStore | Self::BuiltinStore => format!("`{name}`: class stores are read-only"),
            Self::Class(class) => {
                let kept = ["name", "superclass", "me", "isShared", "isSingleton", "isSessionSingleton"];
                if !kept.contains(&name) {
                    return None;
                }
                format!("The property `{name}` of class {} is read-only", class.name)
            }
        };
        Some(Fault::new(ErrorCode::ReadOnly, message))
    }
}

impl Process {
    /// The class store `cs` or `4D`.
    pub fn class_store(&mut self, user: bool) -> Value {
        let (key, store) =
            if user { ("cs", ClassObject::UserStore) } else { ("4D", ClassObject::BuiltinStore) };
        self.class_object_named(Name::new(key), "ClassStore", store)
    }

    /// The one object that stands for a class in this process.
    pub fn class_object(&mut self, class: &Class) -> Value {
        let key = Name::new(&format!("{}.{}", class.store, class.name));
        self.class_object_named(key, "Class", ClassObject::Class(class.clone()))
    }

    /// `cs.name`, remembered by the place in code.
    pub(super) fn load_class(&mut self, site: &MemberSite) -> Result<Value> {
        if let Some(index) = site.find(Cached::CLASS)
            && let Some(Known { object: Some(object), .. }) = self.classes.get(index as usize)
        {
            return Ok(Value::Object(object.clone()));
        }
        let store = self.class_store(true);
        let value = self.get_member_named(&store, &site.name)?;
        if let Value::Object(object) = &value
            && let Some(ClassObject::Class(class)) = object.native::<ClassObject>()
            && class.index != u32::MAX
        {
            let index = class.index;
            self.known_class(index).object = Some(object.clone());
            site.remember(Cached::CLASS, index);
        }
        Ok(value)
    }

    fn known_class(&mut self, index: u32) -> &mut Known {
        let at = index as usize;
        if self.classes.len() <= at {
            self.classes.resize_with(at + 1, Known::default);
        }
        &mut self.classes[at]
    }

    /// How `new` makes instances of a class; `None` where that takes more than a constructor.
    fn plan(&mut self, class: &Class) -> Option<Plan> {
        if class.index == u32::MAX {
            return None;
        }
        if let Some(Known { plan: Some(plan), .. }) = self.classes.get(class.index as usize) {
            return *plan;
        }
        let ordinary = class.singleton == Singleton::No
            && !class.shared
            && class.lineage().all(|class| class.initialiser.is_none());
        let plan = match find_constructor(class) {
            Some(index) if ordinary => {
                self.code_pointer(index).ok().map(|constructor| Plan { constructor, root: class.root })
            }
            _ => None,
        };
        self.known_class(class.index).plan = Some(plan);
        plan
    }

    fn class_object_named(&mut self, key: Name, class: &str, content: ClassObject) -> Value {
        if let Some(object) = self.class_objects.get(&key) {
            return Value::Object(object.clone());
        }
        let root = self.shared.program.builtin_class(class).root;
        let object = Object::new_native(root, Box::new(content));
        self.class_objects.insert(key, object.clone());
        Value::Object(object)
    }

    /// The class of an object, collection or blob; plain objects are of class Object.
    #[must_use]
    pub fn class_of(&self, value: &Value) -> Option<Class> {
        super::call::class_of(value)
            .or_else(|| Some(self.shared.program.builtin_class(Self::builtin_class_name(value)?)))
    }

    /// A class of the project by name.
    ///
    /// # Errors
    /// A class whose source has errors.
    pub fn user_class(&mut self, name: &str) -> Result<Option<Class>> {
        self.shared.program.class(name).map_err(|e| e.fault())
    }

    /// What programs have put into a class object: it is a shared object, and the same in all processes.
    /// `None` if the value is no class. `Source: Concepts/classes (Class object)`
    #[must_use]
    pub fn class_contents(&self, value: &Value) -> Option<SharedObject> {
        let Value::Object(object) = value else { return None };
        let ClassObject::Class(class) = object.native::<ClassObject>()? else { return None };
        let mut all = self.shared.runtime.class_contents.write();
        Some(all.entry(format!("{}.{}", class.store, class.name)).or_default().clone())
    }

    /// `class.name:=value` under `Use`. Functions and classes stay with the process: nothing shared can
    /// hold them.
    pub(super) fn set_class_member(
        &mut self,
        class: &Object,
        contents: &SharedObject,
        name: &Text,
        value: Value,
    ) -> Result<()> {
        match &value {
            Value::Object(object) if object.any_native().is_some() => {
                self.set_shared(contents, name, Value::Null)?;
                class.set(name, value);
                Ok(())
            }
            Value::Undefined => Ok(()),
            _ => {
                class.remove(name);
                self.set_shared(contents, name, value)
            }
        }
    }

    /// A member of a class or class store; `None` if the receiver is neither or has no such member.
    pub(super) fn class_store_member(&mut self, receiver: &Value, name: &Text) -> Result<Option<Value>> {
        let Value::Object(object) = receiver else { return Ok(None) };
        let Some(content) = object.native::<ClassObject>() else { return Ok(None) };
        match content.clone() {
            ClassObject::UserStore => {
                let class = self.user_class(name)?;
                Ok(Some(class.map_or(Value::Undefined, |c| self.class_object(&c))))
            }
            ClassObject::BuiltinStore => {
                if crate::catalog::class(&format!("4D.{name}")).is_none() && !PARENTS.contains(&name.as_str())
                {
                    return Ok(Some(Value::Undefined));
                }
                let class = self.shared.program.builtin_class(name);
                Ok(Some(self.class_object(&class)))
            }
            ClassObject::Class(class) => {
                let key = || format!("{}.{}", class.store, class.name);
                let contents = self.shared.runtime.class_contents.read();
                let put =
                    if contents.is_empty() { None } else { contents.get(&key()).and_then(|c| c.get(name)) };
                drop(contents);
                match put {
                    Some(value) => Ok(Some(value.into())),
                    None => self.class_member(&class, name),
                }
            }
        }
    }

    fn class_member(&mut self, class: &Class, name: &Text) -> Result<Option<Value>> {
        Ok(Some(match name.as_str() {
            "name" => Value::from(class.name.as_str()),
            "superclass" => match &class.parent {
                Some(parent) => {
                    let parent = parent.clone();
                    self.class_object(&parent)
                }
                None if class.name.as_str() == "Object" && class.store.as_str() == "4D" => Value::Null,
                None => {
                    let object = self.shared.program.builtin_class("Object");
                    self.class_object(&object)
                }
            },
            "me" => {
                if class.singleton == Singleton::No {
                    return Ok(Some(Value::Undefined));
                }
                self.singleton(class)?
            }
            "isSingleton" => Value::Boolean(class.singleton != Singleton::No),
            "isShared" => Value::Boolean(class.shared),
            "isSessionSingleton" => Value::Boolean(class.singleton == Singleton::Session),
            _ => {
                if let Some(Function::Code(index)) = find_function(class, name) {
                    return Ok(Some(FunctionObject::of_program(self, index, self.function_source(index))));
                }
                if find_getter(class, name).is_some() {
                    return Ok(Some(Value::Undefined));
                }
                return Ok(None);
            }
        }))
    }

    /// The source of a function, for `.source`.
    pub(super) fn function_source(&self, index: u32) -> Text {
        let text = |code: Arc<Code>| code.text.clone().unwrap_or_else(|| Text::from(code.name.as_str()));
        self.shared.program.code(index).map(text).unwrap_or_default()
    }

    /// `class.new(…)` and native class functions such as `4D.File.new(…)`; `None` if the receiver is no class.
    pub(super) fn class_member_call(
        &mut self,
        receiver: &Value,
        site: &MemberSite,
        base: usize,
        count: u8,
    ) -> Option<Result<()>> {
        let Value::Object(object) = receiver else { return None };
        let ClassObject::Class(class) = object.native::<ClassObject>()? else { return None };
        if object.has(&site.name) {
            return None;
        }
        if site.name.as_str() == "new"
            && let Some(plan) = self.plan(class)
        {
            return Some(self.enter_constructor(
                plan.constructor,
                Object::of_root(plan.root),
                base + 1,
                count,
            ));
        }
        let class = class.clone();
        if class.store.as_str() == "4D" {
            let key = format!("class {}", class.name);
            if let Some(NativeMember::Function(index)) = (self.shared.natives.member)(&key, &site.name) {
                return Some(self.run_native(index, base, count));
            }
        }
        if site.name.as_str() != "new" {
            return None;
        }
        Some(self.new_instance_at(&class, base, count))
    }

    /// `new` with the receiver at `base` (absolute) and `count` arguments behind it.
    fn new_instance_at(&mut self, class: &Class, base: usize, count: u8) -> Result<()> {
        if class.store.as_str() == "4D" && class.name.as_str() != "Object" {
            return Err(Fault::new(
                ErrorCode::NotProvided,
                format!("fourd does not provide 4D.{}.new()", class.name),
            ));
        }
        if class.singleton != Singleton::No {
            let arguments: Vec<Value> =
                self.stack[base + 1..base + 1 + usize::from(count)].iter_mut().map(std::mem::take).collect();
            self.stack[base] = self.singleton_with(class, &arguments)?;
            return Ok(());
        }
        if class.shared {
            let arguments: Vec<Value> =
                self.stack[base + 1..base + 1 + usize::from(count)].iter_mut().map(std::mem::take).collect();
            self.stack[base] = self.new_shared_instance(class, &arguments)?;
            return Ok(());
        }
        let this = Value::Object(bare_instance(class));
        self.initialise(class, &this)?;
        match find_constructor(class) {
            Some(index) => {
                let code = self.code_pointer(index)?;
                self.enter(super::call::Entry {
                    code,
                    keep: None,
                    base: base + 1,
                    count: usize::from(count),
                    result_at: base,
                    this,
                    gives_this: true,
                })
            }
            None => {
                self.stack[base] = this;
                Ok(())
            }
        }
    }

    /// A new instance, made from native code.
    ///
    /// # Errors
    /// What the class's code raises.
    pub fn new_instance(&mut self, class: &Class, arguments: &[Value]) -> Result<Value> {
        if class.singleton != Singleton::No {
            return self.singleton_with(class, arguments);
        }
        if class.shared {
            return self.new_shared_instance(class, arguments);
        }
        let this = Value::Object(bare_instance(class));
        self.initialise(class, &this)?;
        self.construct(class, this, arguments)
    }

    /// Runs the constructor on an instance.
    pub(super) fn construct(&mut self, class: &Class, this: Value, arguments: &[Value]) -> Result<Value> {
        match find_constructor(class) {
            Some(index) => {
                let code = self.code_pointer(index)?;
                self.call_code_with(code, None, this, arguments, &[], true)
            }
            None => Ok(this),
        }
    }

    /// Initial values of `property` lines, the parent's first. `Source: Concepts/classes`
    pub(super) fn initialise(&mut self, class: &Class, this: &Value) -> Result<()> {
        if let Some(parent) = &class.parent {
            self.initialise(parent, this)?;
        }
        match class.initialiser {
            Some(Function::Code(index)) => {
                let shared = match this {
                    Value::SharedObject(object) => Some(object.clone()),
                    _ => None,
                };
                let depth = self.initialising.len();
                self.initialising.extend(shared);
                let done = self.call_index(index, this.clone(), &[]);
                self.initialising.truncate(depth);
                done.map(|_| ())
            }
            _ => Ok(()),
        }
    }
}

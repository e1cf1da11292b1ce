//! Privileges and roles as the project's `roles.json` declares them. Names are case-insensitive.
//! `Source: ORDA/privileges`

use serde_json::Value as Json;

/// A privilege that every project has.
const RESERVED: &str = "WebAdmin";

/// What `roles.json` declares; nothing if there is no such file.
#[derive(Debug, Default)]
pub struct Roles {
    /// Name and included privileges, in the order of the file.
    privileges: Vec<(String, Vec<String>)>,
    roles: Vec<(String, Vec<String>)>,
    /// Functions as `Class.function`, and the privileges they have while they run.
    promotions: Vec<(String, Vec<String>)>,
}

impl Roles {
    /// Reads the file's text; what is not as it should be counts as absent.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let Ok(file) = serde_json::from_str::<Json>(text.trim_start_matches('\u{feff}')) else {
            return Self::default();
        };
        let list = |list: &str, name: &str, parts: &str| {
            let entries = file.get(list).and_then(Json::as_array);
            entries.into_iter().flatten().filter_map(|one| entry(one, name, parts)).collect()
        };
        Self {
            privileges: list("privileges", "privilege", "includes"),
            roles: list("roles", "role", "privileges"),
            promotions: promotions(&file),
        }
    }

    /// Whether any function is given privileges.
    #[must_use]
    pub fn promotes(&self) -> bool {
        !self.promotions.is_empty()
    }

    /// Whether a function, named `Class.function`, has a privilege while it runs. Functions of entities
    /// and entity selections are declared under their dataclass's name.
    #[must_use]
    pub fn promoted(&self, function: &str, privilege: &str) -> bool {
        let dataclass = function.split_once('.').and_then(|(class, function)| {
            let class = class.strip_suffix("Entity").or_else(|| class.strip_suffix("Selection"))?;
            Some(format!("{class}.{function}"))
        });
        let own = self.promotions.iter().filter(|(name, _)| {
            name == function || dataclass.as_ref() == Some(name) || is_of_datastore(name, function)
        });
        own.flat_map(|(_, names)| self.expand(names, &[])).any(|name| same(&name, privilege))
    }

    /// The privilege as it is declared; None if it is not.
    fn declared(&self, name: &str) -> Option<&str> {
        let found = self.privileges.iter().find(|(own, _)| same(own, name)).map(|(own, _)| own.as_str());
        found.or_else(|| same(RESERVED, name).then_some(RESERVED))
    }

    #[must_use]
    pub fn has_privilege(&self, name: &str) -> bool {
        self.declared(name).is_some()
    }

    /// All that the privileges and roles given stand for, in the order of the file; names that are not
    /// declared are passed over.
    #[must_use]
    pub fn expand(&self, privileges: &[String], roles: &[String]) -> Vec<String> {
        let mut all: Vec<&str> = Vec::new();
        let mut open: Vec<&str> = privileges.iter().map(String::as_str).collect();
        for role in roles {
            let found = self.roles.iter().filter(|(own, _)| same(own, role));
            open.extend(found.flat_map(|(_, parts)| parts).map(String::as_str));
        }
        while let Some(name) = open.pop() {
            let Some(name) = self.declared(name) else { continue };
            if !all.contains(&name) {
                all.push(name);
                let own = self.privileges.iter().find(|(own, _)| own == name);
                open.extend(own.iter().flat_map(|(_, parts)| parts).map(String::as_str));
            }
        }
        let place = |name: &str| self.privileges.iter().position(|(own, _)| own == name);
        all.sort_by_key(|name| place(name).unwrap_or(usize::MAX));
        all.into_iter().map(str::to_owned).collect()
    }
}

/// `ds.function` stands for a function of the class DataStore.
fn is_of_datastore(name: &str, function: &str) -> bool {
    name.strip_prefix("ds.").is_some_and(|own| function.strip_prefix("DataStore.") == Some(own))
}

fn promotions(file: &Json) -> Vec<(String, Vec<String>)> {
    let allowed = file.get("permissions").and_then(|permissions| permissions.get("allowed"));
    let all = allowed.and_then(Json::as_array).into_iter().flatten();
    let of_functions = all
        .filter(|one| matches!(one.get("type").and_then(Json::as_str), Some("method" | "singletonMethod")));
    of_functions
        .filter_map(|one| entry(one, "applyTo", "promote"))
        .filter(|(_, names)| !names.is_empty())
        .collect()
}

fn entry(one: &Json, name: &str, parts: &str) -> Option<(String, Vec<String>)> {
    let texts = |value: &Json| match value {
        Json::String(text) => vec![text.clone()],
        Json::Array(all) => all.iter().filter_map(|text| text.as_str().map(str::to_owned)).collect(),
        _ => Vec::new(),
    };
    Some((one.get(name)?.as_str()?.to_owned(), one.get(parts).map(texts).unwrap_or_default()))
}

/// Whether two names of privileges or roles are one.
#[must_use]
pub fn same(a: &str, b: &str) -> bool {
    a == b || a.to_lowercase() == b.to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_give_what_their_privileges_include() {
        let roles = Roles::read(
            r#"{"privileges":[{"privilege":"read"},{"privilege":"write","includes":["read","write"]}],
                "roles":[{"role":"Clerk","privileges":["write"]}]}"#,
        );
        assert_eq!(roles.expand(&[], &["clerk".to_owned()]), ["read", "write"]);
        assert_eq!(roles.expand(&["READ".to_owned(), "none".to_owned()], &[]), ["read"]);
        let promoting = Roles::read(
            r#"{"privileges":[{"privilege":"read"},{"privilege":"write","includes":["read"]}],
                "permissions":{"allowed":[{"applyTo":"City.drop","type":"method","promote":["write"]},
                {"applyTo":"Clerk.sign","type":"singletonMethod","promote":["read"]}]}}"#,
        );
        assert!(promoting.promoted("CityEntity.drop", "READ") && promoting.promoted("Clerk.sign", "read"));
        assert!(!promoting.promoted("Clerk.sign", "write") && !promoting.promoted("City.find", "read"));
        assert!(roles.has_privilege("webadmin"));
        assert!(Roles::read("no JSON").expand(&["read".to_owned()], &[]).is_empty());
    }
}

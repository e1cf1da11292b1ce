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
        }
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
        assert!(roles.has_privilege("webadmin"));
        assert!(Roles::read("no JSON").expand(&["read".to_owned()], &[]).is_empty());
    }
}

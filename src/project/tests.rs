//! Layouts, laid out in memory.

use super::{Project, ProjectError, discover};
use crate::host::memory::MemoryHost;
use std::path::Path;

const CATALOG: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE base SYSTEM "base.dtd">
<base name="Shop">
  <schema name="DEFAULT_SCHEMA"/>
  <table name="Customer &amp; Co" id="1"><field name="ID" type="4" id="1"/>
    <field name="Full Name" type="10" id="2"><field_extra/></field></table>
  <table name="Order" id="3"><field name="ID" type="4" id="1"/></table>
  <relation><related_field kind="source"><field_ref name="ID"><table_ref name="Order"/></field_ref></related_field></relation>
</base>"#;

fn shop() -> MemoryHost {
    MemoryHost::new()
        .with_file("/shop/Project/shop.4DProject", "{}")
        .with_file("/shop/Project/Sources/catalog.4DCatalog", CATALOG)
        .with_file("/shop/Project/Sources/Methods/main.4dm", "")
        .with_file("/shop/Project/Sources/Methods/Add all.4dm", "")
        .with_file("/shop/Project/Sources/Methods/a%3Ab.4dm", "")
        .with_file("/shop/Project/Sources/Methods/100%.4dm", "")
        .with_file("/shop/Project/Sources/Methods/notes.txt", "")
        .with_file("/shop/Project/Sources/Classes/Basket.4dm", "")
        .with_file("/shop/Project/Sources/DatabaseMethods/onStartup.4dm", "")
        .with_file("/shop/Project/Sources/Triggers/table_3.4dm", "")
        .with_file("/shop/Project/Sources/Forms/Start/method.4dm", "")
        .with_file("/shop/Project/Sources/Forms/Start/ObjectMethods/OK.4dm", "")
        .with_file("/shop/Project/Sources/TableForms/3/Input/Edit/form.4DForm", "")
}

fn at(host: &MemoryHost, path: &str) -> Project {
    discover(Path::new(path), host).expect("a project")
}

fn names(project: &Project) -> Vec<&str> {
    project.methods.iter().map(|method| &*method.name).collect()
}

#[test]
fn a_project_is_found_from_everywhere() {
    let host = shop();
    let whole = at(&host, "/shop");
    assert_eq!(names(&whole), ["100%", "a:b", "Add all", "main"]);
    assert_eq!(whole.entry.as_ref().map(|entry| &*entry.name), Some("main"));
    let paths = ["/shop/Project", "/shop/Project/Sources", "/shop/Project/Sources/Methods"];
    for path in paths.into_iter().chain(["/shop/Project/shop.4DProject"]) {
        assert_eq!(at(&host, path), whole, "{path}");
    }
    let method = at(&host, "/shop/Project/Sources/Methods/Add all.4dm");
    assert_eq!(method.entry.map(|entry| entry.name.to_string()), Some("Add all".to_owned()));
    assert_eq!(method.methods, whole.methods);
    let form = at(&host, "/shop/Project/Sources/Forms/Start/method.4dm");
    assert_eq!(form.classes, whole.classes);
}

#[test]
fn a_project_knows_its_parts() {
    let project = at(&shop(), "/shop");
    assert_eq!(project.root, Path::new("/shop"));
    assert_eq!(&*project.classes[0].name, "Basket");
    assert_eq!(&*project.database_methods[0].name, "onStartup");
    assert_eq!(project.triggers[0].table, 3);
    assert_eq!(project.forms.len(), 2);
    assert_eq!(&*project.forms[0].objects[0].name, "OK");
    assert_eq!((project.forms[1].table, &project.forms[1].method), (Some(3), &None));
    assert!(project.method("ADD ALL").is_some());
    let tables = project.tables.expect("a structure");
    assert_eq!((tables[0].number, &*tables[0].name), (1, "Customer & Co"));
    assert_eq!(tables[0].fields.iter().map(|field| &*field.name).collect::<Vec<_>>(), ["ID", "Full Name"]);
    assert_eq!((tables[1].number, tables[1].fields.len()), (3, 1));
}

#[test]
fn a_script_has_its_neighbours() {
    let host = MemoryHost::new()
        .with_file("/s/main.4dm", "")
        .with_file("/s/Helper.4DM", "")
        .with_file("/s/Classes/Person.4dm", "");
    let project = at(&host, "/s/main.4dm");
    assert_eq!(names(&project), ["Helper", "main"]);
    assert_eq!((project.classes.len(), &project.tables), (1, &None));
    assert_eq!(at(&host, "/s/Classes/Person.4dm").methods, project.methods);
    assert_eq!(at(&host, "/s"), project);
    assert_eq!(at(&host, "s/main.4dm").root, Path::new("s"));
}

#[test]
fn what_is_no_project_is_told_in_one_line() {
    let host = shop().with_file("/bad/Project/Sources/catalog.4DCatalog", "<base><table></base>");
    let told = |path: &str| discover(Path::new(path), &host).expect_err("an error");
    assert_eq!(told("/none.4dm").to_string(), "/none.4dm: no such file or folder");
    assert!(matches!(told("/shop/Project/Sources/Methods/notes.txt"), ProjectError::NotAMethod { .. }));
    assert!(matches!(told("/bad"), ProjectError::Structure { .. }));
}

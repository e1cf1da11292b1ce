use super::*;

#[test]
fn every_name_leads_to_its_command() {
    for command in commands() {
        assert_eq!(command.id().info(), command);
        assert_eq!(CommandId::known(u32::from(command.number)), Some(command.id()));
        let own = (!command.name.starts_with(':') && command.number != 1705).then_some(&command.name);
        for name in own.into_iter().chain(command.aliases) {
            assert_eq!(command_by_name(name), Some(command.id()), "{name}");
            assert_eq!(command_by_name(&name.to_uppercase()), Some(command.id()), "{name}");
        }
    }
    assert_eq!(command_by_name("Session storage by ID"), Some(CommandId(1839)));
    assert_eq!(command_by_name("super"), Some(CommandId(1706)));
    assert_eq!(command_by_name("New"), None);
    assert_eq!(CommandId::known(60_000), None);
    assert_eq!(CommandId(60_000).info().name, "");
}

#[test]
fn every_name_leads_to_its_constant() {
    for (id, constant) in constants() {
        assert_eq!(constant_by_name(constant.name), Some(id), "{}", constant.name);
        assert_eq!(constant_by_name(&constant.name.to_ascii_lowercase()), Some(id));
        if let Some((theme, number)) = constant.token {
            let first = constant_by_token(u32::from(theme), u32::from(number)).expect("a constant");
            assert_eq!(first.info().value, constant.value, "{}", constant.name);
        }
    }
    let pi = constant_by_name("pi").expect("Pi").info();
    assert_eq!(pi.value, ConstantValue::Real(std::f64::consts::PI));
}

#[test]
fn the_longest_name_wins() {
    let found = |text: &str| longest(text.split(' ')).map(|(_, words)| words);
    assert_eq!(found("New shared object"), Some(3));
    assert_eq!(found("new OBJECT foo"), Some(2));
    assert_eq!(found("New thing"), None);
    assert_eq!(found("Current date"), Some(2));
    assert_eq!(found("Current dates"), None);
    assert_eq!(found("4D Desktop"), Some(2));
    assert_eq!(found("4D File"), Some(1));
    assert_eq!(found("Length of it"), Some(1));
    assert_eq!(found("64 bit version"), Some(3));
}

#[test]
fn directions_are_known() {
    let command = |name: &str| command_by_name(name).expect(name).info();
    let position = command("Position");
    assert!(position.may_write(3, 4) && !position.may_write(0, 4));
    let ob_get = command("SELECTION TO ARRAY");
    assert!(ob_get.may_write(1, 4) && ob_get.may_write(3, 4) && !ob_get.may_write(0, 4));
    assert_eq!(ob_get.parameter(4, 5).map(|p| p.name), Some("*"));
    assert!(!command("Length").may_write(0, 1));
    assert_eq!(command("New object").parameter(5, 6).map(|p| p.name), Some("value"));
    assert_eq!(command("COPY ARRAY").parameter(1, 2).map(|p| p.direction), Some(Direction::Out));
}

#[test]
fn classes_have_members() {
    let file = class("4D.File").expect("4D.File");
    assert_eq!(class("File"), Some(file));
    assert_eq!(file.member("getText").map(|m| m.kind), Some(MemberKind::Function));
    assert_eq!(class("Collection").and_then(|c| c.member("Push")), None);
    assert!(class("4D.Nothing").is_none());
}

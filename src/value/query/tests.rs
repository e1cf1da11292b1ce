use super::*;
use crate::value::number_to_text;

/// The tree as text, all brackets written out.
fn show(condition: &Condition) -> String {
    match condition {
        Condition::And(all) => format!("({})", all.iter().map(show).collect::<Vec<_>>().join(" & ")),
        Condition::Or(all) => format!("({})", all.iter().map(show).collect::<Vec<_>>().join(" | ")),
        Condition::Not(inner) => format!("!{}", show(inner)),
        Condition::Formula(text) => format!("eval<{text}>"),
        Condition::FormulaPlaceholder(placeholder) => format!("eval {placeholder:?}"),
        Condition::Compare { path, comparator, value } => {
            format!("{} {comparator:?} {}", show_path(path), show_value(value))
        }
    }
}

fn show_path(path: &PathRef) -> String {
    match path {
        PathRef::Placeholder(placeholder) => show_placeholder(placeholder),
        PathRef::Path(segments) => {
            let names = segments.iter().map(|segment| match segment.elements {
                Elements::No => segment.name.to_string(),
                Elements::Any => format!("{}[]", segment.name),
                Elements::Linked(letter) => format!("{}[{letter}]", segment.name),
            });
            names.collect::<Vec<_>>().join(".")
        }
    }
}

fn show_placeholder(placeholder: &Placeholder) -> String {
    match placeholder {
        Placeholder::Index(index) => format!(":{index}"),
        Placeholder::Name(name) => format!(":{name}"),
    }
}

fn show_value(value: &Operand) -> String {
    match value {
        Operand::Placeholder(placeholder) => show_placeholder(placeholder),
        Operand::List(items) => format!("[{}]", items.iter().map(show_value).collect::<Vec<_>>().join(",")),
        Operand::Constant { value, .. } => match value {
            Value::Text(text) => format!("'{text}'"),
            Value::Integer(number) => number.to_string(),
            Value::Real(number) => format!("{}r", number_to_text(*number)),
            other => format!("{other:?}"),
        },
    }
}

fn check(text: &str, expected: &str) {
    let query = parse(text).unwrap_or_else(|fault| panic!("{text}: {}", fault.message));
    let mut found = query.condition.as_ref().map(show).unwrap_or_default();
    for order in &query.order {
        found += &format!(" by {}{}", show_path(&order.path), if order.descending { " desc" } else { "" });
    }
    assert_eq!(found, expected, "{text}");
}

#[test]
fn comparators() {
    check("a = 1", "a Equal 1");
    check("a==1", "a Equal 1");
    check("a === 'x@'", "a Identical 'x@'");
    check("a IS x", "a Identical 'x'");
    check("a is not x", "a NotIdentical 'x'");
    check("a!==x", "a NotIdentical 'x'");
    check("a # -2.5", "a NotEqual -2.5r");
    check("a!=true", "a NotEqual Boolean(true)");
    check("a<=1 & b>=2 && c<3 and d>4", "(a LessOrEqual 1 & b GreaterOrEqual 2 & c Less 3 & d Greater 4)");
    check("a in [1, 'b', c d]", "a In [1,'b','c d']");
    check("a not in :1", "a NotIn :1");
    check("text % word", "text Keyword 'word'");
    check("text begin wo", "text Begins 'wo'");
}

#[test]
fn logic() {
    check("a=1 or b=2 and c=3", "(a Equal 1 | (b Equal 2 & c Equal 3))");
    check("(a=1 | b=2) & c=3", "((a Equal 1 | b Equal 2) & c Equal 3)");
    check("not(a=1 || b=2)", "!(a Equal 1 | b Equal 2)");
    check("NOT a = 1 AND b = 2", "(!a Equal 1 & b Equal 2)");
    check("a = 1 except b = 2", "(a Equal 1 & !b Equal 2)");
}

#[test]
fn values() {
    check("a = New York and b = x", "(a Equal 'New York' & b Equal 'x')");
    check("a = android or b = order", "(a Equal 'android' | b Equal 'order')");
    check("a = null", "a Equal Null");
    check("a = True", "a Equal 'True'");
    check("a = 'it is \"x\"'", "a Equal 'it is \"x\"'");
    check("a in [\"say \\\"hi\\\"\"]", "a In ['say \"hi\"']");
    check("a in []", "a In []");
    check(":1 = :2 and :att > :val", "(:1 Equal :2 & :att Greater :val)");
    assert!(matches!(
        parse("a < 2020-02-29").unwrap().condition,
        Some(Condition::Compare { value: Operand::Constant { value: Value::Date(_), .. }, .. })
    ));
    check("a < 2021-02-29", "a Less '2021-02-29'");
}

#[test]
fn paths() {
    check("a.b[].c[X].length > 2", "a.b[].c[x].length Greater 2");
    check("first name = x", "first name Equal 'x'");
    check("'a.b' = x", "a.b Equal 'x'");
    check("inner = 1 and island = 2", "(inner Equal 1 & island Equal 2)");
    check("roles.actor{2}.name = x", "roles.actor.name Equal 'x'");
}

#[test]
fn order_and_formulas() {
    check("a=1 order by b desc, c.d asc, :p", "a Equal 1 by b desc by c.d by :p");
    check("order by a", " by a");
    check("eval(length(This.a)>=(3)) and b = 1", "(eval<length(This.a)>=(3)> & b Equal 1)");
    check("eval(This.a=\")\")", "eval<This.a=\")\">");
    check(":formula", "eval Name(\"formula\")");
}

#[test]
fn mistakes_are_told() {
    for text in ["", "a", "a =", "= 1", "(a = 1", "a = 1)", "a = 'x", "a.=1", "a[1].b = 1", "a = :", "a = :0"]
    {
        let fault = parse(text).map(|query| format!("{query:?}")).expect_err(text);
        assert!(fault.message.starts_with("The query cannot be read"), "{}", fault.message);
    }
    assert!(parse(&"(".repeat(100_000)).is_err());
    assert!(parse(&"not ".repeat(100_000)).is_err());
}

proptest::proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "[ab:1'\"=<>!#%&|()\\[\\]., notrdeby\u{e9}-]{0,40}") {
        let _ = parse(&text);
    }
}

use super::{Suffixes, format};
use crate::syntax::NoNames;

fn formatted(source: &str) -> String {
    let text = format(source, &NoNames, Suffixes::Keep);
    assert_eq!(format(&text, &NoNames, Suffixes::Keep), text, "the second run changes something");
    text
}

#[test]
fn blocks_and_blanks() {
    let source = "IF($a=1)  // why\nalert( string( $a ;\"x\" ) )\n\n  // alone\nelse\ncase of\n:($b>2)&($c#3)\n$x:=$a ? 1:2\n\
                  else\n$o:={a:1;b:[1;2]}\nend case\nend if\nfor each($i;$c) // go\nreturn\nend for each";
    let expected = "If ($a=1)  // why\n\tALERT(String($a; \"x\"))\n\t\n\t  // alone\nElse \n\tCase of \n\t\t: ($b>2) & ($c#3)\n\
                    \t\t\t$x:=$a ? 1 : 2\n\t\tElse \n\t\t\t$o:={a: 1; b: [1; 2]}\n\tEnd case \nEnd if \n\
                    For each ($i; $c)  // go\n\treturn \nEnd for each";
    assert_eq!(formatted(source), expected);
}

#[test]
fn classes() {
    let source = "property a,b:Text\nclass constructor($a:Text)\nThis.a:=$a\nshared function get name()->$n:Text\n$n:=This.a";
    let source = source.replace("a,b", "a;b");
    let expected = "property a; b : Text\nClass constructor($a : Text)\n\tThis.a:=$a\nshared Function get name()->$n : Text\n\t$n:=This.a";
    assert_eq!(formatted(&source), expected);
}

#[test]
fn continued_lines_and_comments() {
    let source =
        "$o:=New object(\\\n\"a\";1;\\\n  \"b\";2 ) /* kept  as is */\n/* block\n   comment */ $a:=1\n";
    let expected =
        "$o:=New object(\\\n\t\"a\"; 1; \\\n\t\"b\"; 2) /* kept  as is */\n/* block\n   comment */ $a:=1\n";
    assert_eq!(formatted(source), expected);
    let sql = "begin sql\nselect  *\n   from t\nend sql\r\n";
    assert_eq!(formatted(sql), "Begin SQL\nselect  *\n   from t\nEnd SQL\r\n");
}

#[test]
fn the_older_form_stays() {
    let source = "\tALERT:C41(name ($a;String:C10($b)))\n";
    assert_eq!(formatted(source), "ALERT:C41(name ($a;String:C10($b)))\n");
}

#[test]
fn suffixes() {
    let with = "$t:=Length:C16($a)+Is text:K8:3\n";
    let without = "$t:=Length($a)+Is text\n";
    assert_eq!(format(with, &NoNames, Suffixes::Strip), without);
    assert_eq!(format(without, &NoNames, Suffixes::Add), with);
}

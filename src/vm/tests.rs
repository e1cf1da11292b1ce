//! Small programs for the checkers of unsafe code: calls of every kind, members, nested values, and errors in the
//! middle of them. They compare results too, but what counts is that nothing reads or frees what it must not.

use super::*;
use crate::code::{Program, ProgramSources};
use crate::host::memory::MemoryHost;
use crate::runtime::Runtime;
use crate::syntax::NoNames;
use crate::text::{Name, Source};
use crate::value::{Fault, Value};
use std::path::{Path, PathBuf};
use std::sync::Arc;

const ANIMAL: &str = "property name : Text
property age : Integer

Class constructor($name : Text)
	This.name:=$name
	This.age:=1

Function get double() : Integer
	return This.age*2

Function set double($value : Integer)
	If ($value<0)
		$value:=$value.nothing.at.all()
	End if
	This.age:=$value\\2

Function older($years : Integer) : Object
	This.age:=This.age+$years
	return This

Function friend($other : cs.Animal) : Text
	return This.name+$other.name

Function sound() : Text
	return \"-\"
";

const DOG: &str = "Class extends Animal

Class constructor($name : Text; $tricks : Collection)
	Super(\"dog \"+$name)
	This.tricks:=$tricks

Function sound() : Text
	return \"wow\"+Super.sound()
";

const FIB: &str = "#DECLARE($n : Integer) : Integer
If ($n<2)
	return $n
End if
return fib($n-1)+fib($n-2)
";

const DEEP: &str = "#DECLARE($n : Integer) : Object
return {inner: deep($n+1)}
";

fn files() -> Vec<(&'static str, &'static str)> {
    vec![("Animal", ANIMAL), ("Dog", DOG), ("fib", FIB), ("deep", DEEP)]
}

fn shared() -> Arc<Shared> {
    let path = |name: &str| PathBuf::from(format!("/{name}.4dm"));
    let part = |names: &[&str]| names.iter().map(|name| (Name::new(name), path(name))).collect();
    let sources = ProgramSources {
        methods: part(&["fib", "deep"]),
        classes: part(&["Animal", "Dog"]),
        ..ProgramSources::default()
    };
    let read = move |file: &Path| {
        let found = files().into_iter().find(|(name, _)| path(name) == file);
        found.map(|(name, text)| Source::new(name, text.to_owned())).ok_or_else(|| "no such file".to_owned())
    };
    let natives = Natives {
        commands: Vec::new(),
        functions: Vec::new(),
        member: |_, _| None,
        setter: |_, _| None,
        report: |_, fault| fault.message.clone(),
        missing: |_| Fault::new(crate::value::ErrorCode::NotProvided, "no natives here"),
    };
    Arc::new(Shared {
        program: Arc::new(Program::new(sources, Arc::new(NoNames), Box::new(read))),
        natives,
        runtime: Arc::new(Runtime::default()),
        host: Arc::new(MemoryHost::new()),
    })
}

/// What a method of these lines returns, as a text.
fn result(lines: &str) -> String {
    let shared = shared();
    let source = Arc::new(Source::new("main", lines.to_owned()));
    let code = shared.program.compile_source(&Name::new("main"), &source).unwrap();
    let mut process = Process::new(Arc::clone(&shared), Name::new("test"));
    match process.run_code(&code, &[]) {
        Ok(Value::Text(text)) => text.as_str().to_owned(),
        Ok(Value::Integer(number)) => number.to_string(),
        Ok(Value::Real(number)) => number.to_string(),
        Ok(Value::Boolean(holds)) => holds.to_string(),
        Ok(other) => other.type_name().to_string(),
        Err(fault) => format!("fault: {}", fault.message),
    }
}

#[test]
fn methods_call_themselves() {
    assert_eq!(result("return fib(9)"), "34");
}

#[test]
fn too_deep_a_call_is_an_error_and_frees_everything() {
    let times = if cfg!(miri) { 1 } else { 3 };
    let lines = format!(
        "var $i; $n : Integer\nFor ($i; 1; {times})\nTry\n$n:=$n+deep(1).inner\nCatch\n$n:=$n+1\nEnd try\nEnd for\nreturn $n"
    );
    assert_eq!(result(&lines), times.to_string());
}

#[test]
fn classes() {
    let lines = "var $d; $a : Object
var $i; $sum : Integer
$a:=cs.Animal.new(\"cat\")
For ($i; 1; 4)
	$d:=cs.Dog.new(\"rex\"; [$i; \"sit\"])
	$d.older(2).older(3).double:=$d.double+$i
	$d.double+=4
	$sum:=$sum+$d.double+$d.tricks[0]
	$a:=$i=2 ? $d : $a
End for
return $a.sound()+$d.sound()+$d.friend($a)+\" \"+(\"x\"*$sum)";
    assert_eq!(result(lines), format!("wow-wow-dog rexdog rex {}", "x".repeat(82)));
}

#[test]
fn errors_in_the_middle_of_fast_paths() {
    let lines = "var $a : Object
var $i; $n : Integer
$a:=cs.Animal.new(\"cat\")
For ($i; 1; 3)
	Try
		$a.double:=-$i
	Catch
		$n:=$n+1
	End try
	Try
		$a.friend($i)
	Catch
		$n:=$n+10
	End try
	Try
		$a:=$a.older(\"x\")
	Catch
		$n:=$n+100
	End try
	Try
		$n:=$n+[1; [2; \"t\"]][1][1]
	Catch
		$n:=$n+1000
	End try
End for
return $n+$a.age";
    assert_eq!(result(lines), "3334");
}

#[test]
fn values_in_themselves_and_in_one_another() {
    let lines = "var $c : Collection
var $o; $p : Object
var $v : Variant
var $i; $j; $n : Integer
$c:=[1; 2.5; True; \"four\"]
$i:=4
$j:=4
$c[4]:=[10; 20; {k: 30}]
$n:=$c[$i][2].k
$v:=$c
$v:=$v[$i]
$v:=$v[1]
$n:=$n+$v
$o:={a: 1}
$o.self:=$o
$o.self.self.b:=$o.a+1
$p:={list: [$o; $o]; f: Formula($o.b*$1)}
$n:=$n+$p.f(100)
For each ($v; $p.list)
	$n:=$n+$v.self.b
End for each
$o[\"c\"]:=5
$o[\"c\"]:=$o[\"c\"]+1
$o.self:=Null
$p:=Null
$c[5]:=$c
$c[5][$i][0]:=7
$n:=$n+$c[$i][0]
$c[5]:=Null
$o.t:=\"x\"
$o.t:=$o.t+\"y\"
return $n+$o.c";
    assert_eq!(result(lines), "267");
}

#[test]
fn references_and_cells() {
    let lines = "var $x; $y : Integer
var $p : Pointer
var $f; $g : Object
$x:=5
$p:=->$x
$p->:=$p->+1
$f:=Formula($x+$1)
$y:=$f.call(Null; 10)
$g:=Formula(This.k+$1)
$y:=$y+$g.call({k: 3}; 4)+$g.apply({k: 1}; [1])
return $y+$x";
    assert_eq!(result(lines), "31");
}

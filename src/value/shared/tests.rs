//! Shared objects under several threads.

use super::*;
use crate::value::{Collection, Object, Text, Value, deep_copy, to_shared};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

fn text(s: &str) -> Text {
    Text::from(s)
}

fn caller(number: u64) -> Caller<'static> {
    Caller::new(ProcessId(number))
}

fn count(object: &SharedObject) -> i32 {
    match object.get("n") {
        Some(SharedValue::Integer(n)) => n,
        _ => 0,
    }
}

#[test]
fn they_can_cross_threads() {
    fn sendable<T: Send + Sync>() {}
    sendable::<SharedValue>();
    fn movable<T: Send>() {}
    movable::<Portable>();
}

#[test]
fn writing_needs_use_and_use_covers_the_group() {
    let (one, two) = (SharedObject::new(), SharedObject::new());
    let me = caller(1);
    assert_eq!(one.set(&text("n"), SharedValue::Integer(1), me).unwrap_err().code, -10720);
    let guard = one.use_enter(me).unwrap();
    one.set(&text("two"), SharedValue::Object(two.clone()), me).unwrap();
    two.set(&text("n"), SharedValue::Integer(1), me).unwrap();
    {
        let _again = two.use_enter(me).unwrap();
        assert_eq!(one.locking_identifier(), two.locking_identifier());
    }
    two.set(&text("n"), SharedValue::Integer(2), me).unwrap();
    drop(guard);
    assert!(two.set(&text("n"), SharedValue::Integer(3), me).is_err());
    assert_eq!(count(&two), 2);
    assert!(one.group().is_free() && two.group().is_free());
}

#[test]
fn members_of_two_groups_stay_apart() {
    let me = caller(1);
    let pair = || {
        let (outer, inner) = (SharedObject::new(), SharedObject::new());
        let _used = outer.use_enter(me).unwrap();
        outer.set(&text("in"), SharedValue::Object(inner.clone()), me).unwrap();
        (outer, inner)
    };
    let (north, _) = pair();
    let (_, west) = pair();
    let _used = north.use_enter(me).unwrap();
    let refused = north.set(&text("west"), SharedValue::Object(west.clone()), me);
    assert_eq!(refused.unwrap_err().code, -10722);
    let single = SharedObject::new();
    let _single = single.use_enter(me).unwrap();
    single.set(&text("west"), SharedValue::Object(west.clone()), me).unwrap();
    assert_eq!(single.locking_identifier(), west.locking_identifier());
}

#[test]
fn catalogs_join_nothing() {
    let me = caller(1);
    let storage = SharedObject::of_sort(Sort::Catalog);
    let _used = storage.use_enter(me).unwrap();
    let part = SharedObject::new();
    assert!(storage.set(&text("n"), SharedValue::Integer(1), me).is_err());
    assert!(storage.set(&text("n"), SharedValue::Null, me).is_err());
    storage.set(&text("part"), SharedValue::Object(part.clone()), me).unwrap();
    assert!(!part.is_used_by(me.process));
}

#[test]
fn counters_are_exact() {
    let object = SharedObject::new();
    let turns = if cfg!(miri) { 20 } else { 2000 };
    thread::scope(|scope| {
        for process in 1..=8 {
            let object = &object;
            scope.spawn(move || {
                let me = caller(process);
                for _ in 0..turns {
                    let _used = object.use_enter(me).unwrap();
                    let next = count(object) + 1;
                    object.set(&text("n"), SharedValue::Integer(next), me).unwrap();
                }
            });
        }
    });
    assert_eq!(count(&object), 8 * turns);
}

#[test]
fn groups_join_while_others_wait() {
    for _ in 0..50 {
        let root = SharedObject::new();
        let parts: Vec<_> = (0..8).map(|_| SharedObject::new()).collect();
        let inside = AtomicUsize::new(0);
        thread::scope(|scope| {
            for process in 1..=8u64 {
                let (root, parts, inside) = (&root, &parts, &inside);
                scope.spawn(move || {
                    let me = caller(process);
                    for turn in 0..40 {
                        let part = &parts[(turn * 3 + process as usize) % 8];
                        if turn == 20 {
                            let _used = root.use_enter(me).unwrap();
                            let key = text(&format!("p{process}"));
                            let value = parts[process as usize - 1].clone();
                            root.set(&key, SharedValue::Object(value), me).unwrap();
                        }
                        let _used = part.use_enter(me).unwrap();
                        let next = count(part) + 1;
                        part.set(&text("n"), SharedValue::Integer(next), me).unwrap();
                        inside.fetch_add(1, Ordering::Relaxed);
                    }
                });
            }
        });
        assert_eq!(inside.load(Ordering::Relaxed), 320);
        assert_eq!(parts.iter().map(count).sum::<i32>(), 320);
        assert!(parts.iter().all(|part| part.group().is_free()));
        let number = root.locking_identifier();
        assert!(parts.iter().all(|part| part.locking_identifier() == number));
    }
}

#[test]
fn a_deadlock_is_an_error_for_one() {
    let (a, b) = (SharedObject::new(), SharedObject::new());
    let barrier = std::sync::Barrier::new(2);
    let failed = AtomicUsize::new(0);
    thread::scope(|scope| {
        for (process, first, second) in [(901, &a, &b), (902, &b, &a)] {
            let (barrier, failed) = (&barrier, &failed);
            scope.spawn(move || {
                let chain = || format!("method{process}");
                let me = Caller { chain: Some(&chain), ..caller(process) };
                let _one = first.use_enter(me).unwrap();
                barrier.wait();
                if let Err(fault) = second.use_enter(me).map(drop) {
                    assert!(fault.message.contains("method901"));
                    assert!(fault.message.contains("method902"));
                    failed.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
    });
    assert_eq!(failed.load(Ordering::Relaxed), 1);
}

#[test]
fn waiting_can_be_given_up() {
    let object = SharedObject::new();
    let _used = object.use_enter(caller(1)).unwrap();
    let sleeper = Arc::new(Sleeper::default());
    let (other, theirs) = (object.clone(), Arc::clone(&sleeper));
    let waiter = thread::spawn(move || {
        let me = Caller { process: ProcessId(2), sleeper: Some(&theirs), chain: None };
        other.use_enter(me).map(drop).is_err_and(|fault| fault.kill)
    });
    #[allow(clippy::disallowed_methods)] // a test of threads waits for one of them
    thread::sleep(Duration::from_millis(30));
    sleeper.cancel();
    assert!(waiter.join().unwrap());
}

#[test]
fn copies_go_both_ways_and_keep_circles() {
    let private = Object::new();
    private.set(&text("list"), Value::Collection(Collection::from_values(vec![Value::Integer(1)])));
    private.set(&text("me"), Value::Object(private.clone()));
    let me = caller(1);
    let shared = to_shared(&Value::Object(private.clone()), None, me).unwrap();
    let SharedValue::Object(shared) = shared else { panic!("no object") };
    assert!(matches!(shared.get("me"), Some(SharedValue::Object(own)) if own.ptr_eq(&shared)));
    assert!(shared.group().is_free());
    let Value::Object(back) = deep_copy(&Value::SharedObject(shared.clone())) else { panic!() };
    assert!(matches!(back.get("me"), Value::Object(own) if own.ptr_eq(&back)));
    let packed = Portable::pack(&Value::Object(back.clone())).unwrap();
    let Value::Object(there) = packed.unpack() else { panic!() };
    assert!(matches!(there.get("list"), Value::Collection(list) if list.len() == 1));
    assert!(matches!(there.get("me"), Value::Object(own) if own.ptr_eq(&there)));
    for object in [private, back, there] {
        object.remove("me");
    }
    let _used = shared.use_enter(me).unwrap();
    shared.remove("me", me).unwrap();
}

#[test]
fn a_copy_can_join_the_group_it_is_for() {
    let me = caller(1);
    let nested = to_shared(
        &Value::Object({
            let outer = Object::new();
            outer.set(&text("in"), Value::Object(Object::new()));
            outer
        }),
        None,
        me,
    )
    .unwrap();
    let list = SharedCollection::new();
    let _used = list.use_enter(me).unwrap();
    list.push(SharedValue::Object(SharedObject::new()), me).unwrap();
    assert!(list.push(nested.clone(), me).is_err());
    let group = SharedValue::Collection(list.clone());
    let copy = to_shared(&nested.to_value(), Some(&group), me).unwrap();
    list.push(copy, me).unwrap();
}

#[test]
fn deep_shared_nesting_is_freed() {
    let me = caller(1);
    let mut value = SharedValue::Null;
    let key = text("in");
    for _ in 0..if cfg!(miri) { 300 } else { 200_000 } {
        let object = SharedObject::new();
        {
            let _used = object.use_enter(me).unwrap();
            object.set(&key, value, me).unwrap();
        }
        value = SharedValue::Object(object);
    }
    let Value::Object(copy) = deep_copy(&value.to_value()) else { panic!() };
    drop(value);
    drop(Portable::pack(&Value::Object(copy)).unwrap().unpack());
}

#[test]
fn readers_see_whole_values() {
    let object = SharedObject::new();
    let me = caller(1);
    let _used = object.use_enter(me).unwrap();
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                if let Some(SharedValue::Text(text)) = object.get("t") {
                    let first = text.as_str().chars().next().unwrap();
                    assert!(text.as_str().chars().all(|c| c == first));
                }
            }
        });
        for turn in 0..if cfg!(miri) { 30 } else { 5000 } {
            let value = ["aaaa", "bbbbbbbb"][turn % 2];
            object.set(&text("t"), SharedValue::Text(text(value)), me).unwrap();
        }
        done.store(true, Ordering::Relaxed);
    });
}

//! Freeing nested values without recursing as deep as they are nested. Freeing goes down a few
//! levels on the machine stack, which is fast, and keeps a list of what lies deeper.

use std::any::Any;
use std::cell::{Cell, RefCell};

/// Levels that are freed by recursion.
const DEEPEST: u32 = 64;

thread_local! {
    static DEPTH: Cell<u32> = const { Cell::new(0) };
    static LATER: RefCell<Vec<Box<dyn Any>>> = const { RefCell::new(Vec::new()) };
}

/// Drops what an object or collection held. What is nested too deeply to be dropped at once is put
/// aside and dropped by the outermost call.
#[inline]
pub fn release<T: 'static>(content: T) {
    let depth = DEPTH.get();
    if depth >= DEEPEST {
        put_aside(Box::new(content));
        return;
    }
    DEPTH.set(depth + 1);
    drop(content);
    if depth == 0 {
        drain();
    }
    DEPTH.set(depth);
}

#[cold]
fn put_aside(content: Box<dyn Any>) {
    let mut content = Some(content);
    // The list is gone only when the thread is ending, and then nothing is left to do but recurse.
    let _ = LATER.try_with(|later| {
        if let Ok(mut later) = later.try_borrow_mut() {
            later.extend(content.take());
        }
    });
    drop(content);
}

fn drain() {
    loop {
        let next = LATER.try_with(|later| later.borrow_mut().pop());
        match next {
            Ok(Some(content)) => drop(content),
            _ => return,
        }
    }
}

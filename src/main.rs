//! The `fourd` command.
use fourd::engine::{Engine, Outcome};
use std::sync::Arc;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let arguments: Vec<_> = fourd::host::os::arguments();
    let mut words: Vec<String> = arguments.iter().skip(1).map(|a| a.to_string_lossy().into_owned()).collect();
    if words[0] == "run" { words.remove(0); }
    let dump = words[0] == "dump";
    if dump { words.remove(0); }
    let host: Arc<dyn fourd::host::Host> = Arc::new(fourd::host::os::OsHost::new());
    let project = fourd::project::discover(std::path::Path::new(&words[0]), host.files()).unwrap();
    let engine = Engine::new(Arc::clone(&host), &project);
    let entry = project.entry.clone().unwrap();
    if dump {
        let program = &engine.shared().program;
        let n = program.method(&entry.name).unwrap();
        match program.code(n) { Ok(c) => print!("{}", fourd::code::listing::listing(&c)), Err(e) => println!("{}", e.message) }
        return;
    }
    let outcome = engine.run(&entry.name, &[]);
    let _ = host.console().flush();
    if let Outcome::Failed(f) = outcome {
        eprintln!("{f} {:?}", f.chain);
        std::process::exit(1);
    }
}

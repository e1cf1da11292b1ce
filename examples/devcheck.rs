use fourd::{syntax, text::*};
fn main() {
    let mut bytes = 0usize;
    let mut n = 0;
    let (mut tl, mut tp) = (0.0, 0.0);
    let args: Vec<String> = std::env::args().skip(1).collect();
    let mut names = syntax::ProjectNames::new();
    for f in &args {
        names.add_method(
            std::path::Path::new(f)
                .file_stem()
                .unwrap()
                .to_str()
                .unwrap(),
        );
    }
    let show = std::env::var("SHOW").is_ok();
    for f in args {
        let Ok(raw) = std::fs::read(&f) else { continue };
        let t = String::from_utf8_lossy(&raw).into_owned();
        let s = Source::new(f.clone(), t);
        bytes += s.text().len();
        n += 1;
        let a = std::time::Instant::now();
        let mut d = Vec::new();
        let toks = syntax::tokenize(s.text(), &names, &mut d);
        let b = std::time::Instant::now();
        let p = syntax::parse_tokens(&s, &toks, d);
        tl += (b - a).as_secs_f64();
        tp += b.elapsed().as_secs_f64();
        for d in p.diagnostics.iter().take(20) {
            print!("{}", render(&s, d, Format::Human { colour: false }));
        }
        let printed = syntax::print::file(&p.file);
        if show {
            println!("{printed}");
        }
        if p.diagnostics.is_empty() {
            let s2 = Source::new(f.clone(), printed.clone());
            let p2 = syntax::parse(&s2, &names);
            if let Some(d) = p2.diagnostics.first() {
                println!("REPRINT {f}");
                print!("{}", render(&s2, d, Format::Human { colour: false }));
            } else if syntax::print::file(&p2.file) != printed {
                println!("DIFF {f}");
            }
        }
    }
    println!(
        "{n} files {bytes} bytes lex {:.1} MB/s parse {:.1} MB/s",
        bytes as f64 / tl / 1e6,
        bytes as f64 / tp / 1e6
    );
}

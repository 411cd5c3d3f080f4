//! Says what is in the files that are named: `cargo run -p sound --example hear -- FILE…`.

use sound::{Limits, Pulse, facts, pcm};
use std::path::Path;

fn main() {
    for path in std::env::args().skip(1) {
        let path = Path::new(&path);
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let begun = std::time::Instant::now();
        let facts = match facts::look_into(path, &name, &Limits::default(), &Pulse::default()) {
            Ok(facts) => facts,
            Err(error) => {
                println!("{name}: {error}");
                continue;
            }
        };
        let looked = begun.elapsed();
        println!(
            "{name}: {} ms, {} by {}, {} Hz, {} channels; {looked:.2?}",
            facts.duration_ms, facts.codec, facts.provider, facts.sample_rate, facts.channels
        );
        println!("  {:?}", facts.tags);
        for mark in &facts.marks {
            println!("  {:>8} {}", mark.start_ms, mark.title.as_deref().unwrap_or("-"));
        }
        let to = std::env::temp_dir().join(format!("{name}.s16"));
        match pcm::to_pcm(path, &name, &to, 16_000, facts.duration_ms, &Pulse::default()) {
            Ok(decoded) => {
                let loudest = decoded.levels.iter().max().copied().unwrap_or(0);
                let heard = decoded.levels.iter().rposition(|level| *level > 40).unwrap_or(0) * 10;
                println!(
                    "  decoded {} ms, lost {} ms, loudest {loudest}, last sound at {heard} ms; {:.2?}",
                    decoded.duration_ms,
                    decoded.lost_ms,
                    begun.elapsed()
                );
            }
            Err(error) => println!("  {error}"),
        }
        if let Err(error) = std::fs::remove_file(&to) {
            println!("  nothing was written: {error}");
        }
    }
}

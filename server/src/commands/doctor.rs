//! `lectern doctor`.

use crate::Config;
use crate::doctor::{self, State};

/// Examines what the shop needs, and says what is wrong and what to do.
///
/// # Errors
/// When something is wrong.
pub async fn run(config: &Config) -> anyhow::Result<()> {
    let mut wrong = 0;
    for finding in doctor::examine(config).await {
        let state = match finding.state {
            State::Good => "good",
            State::Doubtful => "doubtful",
            State::Wrong => "wrong",
        };
        wrong += u32::from(finding.state == State::Wrong);
        println!("{state:<9} {:<14} {}", finding.of, finding.words);
        if !finding.advice.is_empty() {
            println!("{:<24} {}", "", finding.advice);
        }
    }
    anyhow::ensure!(wrong == 0, "{wrong} {} wrong", if wrong == 1 { "thing is" } else { "things are" });
    println!("Nothing is wrong.");
    Ok(())
}

//! `lectern admin`.

use crate::{AppState, Config};
use domain::Actor;
use domain::account::{Email, Password, mfa, registration};
use domain::secret;
use std::io::IsTerminal;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// The admin's email address.
    #[arg(long, default_value = "admin@lectern.example")]
    email: Email,
    #[arg(long, default_value = "Admin")]
    name: String,
    /// Read the password from standard input instead of making one.
    #[arg(long)]
    password_stdin: bool,
    /// Turn off the second step of their log-in as well, for an admin who has lost phone and recovery codes.
    #[arg(long, alias = "without-second-step")]
    without_two_factor: bool,
    /// Do nothing when there is an admin already.
    #[arg(long)]
    if_none: bool,
}

/// Makes an admin, or makes someone one, and prints a generated password once.
///
/// # Errors
/// When the password is too weak or the database cannot be reached.
pub async fn run(config: Config, args: Args) -> anyhow::Result<()> {
    let state = AppState::connect(config).await?;
    super::migrate::up(&state.db).await?;
    if args.if_none && registration::admin_exists(&state.db).await? {
        return Ok(());
    }
    let (password, generated) = if args.password_stdin {
        if std::io::stdin().is_terminal() {
            eprintln!("Type the password and press Enter.");
        }
        let mut line = String::new();
        std::io::stdin().read_line(&mut line)?;
        (Password::parse(line.trim_end_matches(['\r', '\n']))?, false)
    } else {
        (Password::parse(generated_password())?, true)
    };
    let db = state.db.acting(Actor::operator());
    let user = registration::create_admin(&db, &args.email, &args.name, &password).await?;
    if args.without_two_factor {
        mfa::disable(&db, user.id).await?;
    }
    println!("admin:    {}", user.email);
    if generated {
        println!("password: {}   (shown once: keep it)", password.expose());
    }
    Ok(())
}

/// Four groups of five characters, about 97 bits, without letters that look alike.
fn generated_password() -> String {
    const ALPHABET: &[u8; 30] = b"23456789abcdefghjkmnpqrstvwxyz";
    let mut password = String::new();
    while password.len() < 23 {
        if password.len() % 6 == 5 {
            password.push('-');
        }
        // 240 is the largest multiple of 30 that a byte holds: bytes from there on would favour some letters.
        let [byte] = secret::random::<1>();
        if byte < 240 {
            password.push(char::from(ALPHABET[usize::from(byte) % ALPHABET.len()]));
        }
    }
    password
}

#[cfg(test)]
mod tests {
    #[test]
    fn generated_passwords_are_long_and_differ() {
        let (one, other) = (super::generated_password(), super::generated_password());
        assert_eq!(one.len(), 23);
        assert_ne!(one, other);
    }
}

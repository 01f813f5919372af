//! `admin`: what an operator does without signing in.

use std::io::Read as _;

use clap::Subcommand;
use jiff::Timestamp;
use picturelock_app::people;
use picturelock_domain::people::Role;

use crate::outcome::{Outcome, Stop};
use crate::serve::Place;

/// Changes accounts at the server's own command line.
#[derive(clap::Args)]
pub struct Admin {
    #[command(flatten)]
    place: Place,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Makes an account; the password is read from standard input.
    CreateAccount {
        /// The person's name.
        #[arg(long)]
        name: String,
        /// The address they sign in with.
        #[arg(long)]
        email: String,
        /// owner, producer, editor, specialist or assistant.
        #[arg(long, value_parser = role)]
        role: Role,
    },
    /// Sets the password of an account and signs all its browsers out; the password is read from standard input.
    ResetPassword {
        /// The address the account signs in with.
        #[arg(long)]
        email: String,
    },
}

impl Admin {
    /// Does it and says so.
    pub async fn run(self) -> Outcome {
        let app = picturelock_server::open(&self.place.options()).await.map_err(Stop::failed)?;
        let password = password()?;
        match self.command {
            Command::CreateAccount { name, email, role } => {
                people::create(&app, &name, &email, role, &password, Timestamp::now()).await?;
                println!("{email} can sign in now");
            }
            Command::ResetPassword { email } => {
                people::reset_password(&app, &email, &password).await?;
                println!("{email} has a new password and is signed out everywhere");
            }
        }
        app.db.close().await;
        Ok(())
    }
}

fn password() -> Result<String, Stop> {
    let mut text = String::new();
    std::io::stdin().take(1024).read_to_string(&mut text).map_err(Stop::failed)?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

fn role(word: &str) -> Result<Role, String> {
    Role::from_code(word).ok_or_else(|| "use owner, producer, editor, specialist or assistant".to_owned())
}

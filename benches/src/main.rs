//! Measures Picturelock against its bars; `README.md` says what each row means.
//!
//! `cargo run --release -p picturelock-benches -- <row>…|all`, with the program beside it:
//! `cargo build --release -p picturelock`.

mod machine;
mod rows;
mod studio;
mod table;

#[tokio::main]
async fn main() -> std::process::ExitCode {
    let asked: Vec<String> = std::env::args().skip(1).collect();
    let all = asked.iter().any(|name| name == "all");
    if asked.is_empty() || asked.iter().any(|name| name != "all" && !rows::NAMES.contains(&name.as_str())) {
        eprintln!("usage: cargo run --release -p picturelock-benches -- {}|all", rows::NAMES.join("|"));
        return std::process::ExitCode::from(2);
    }
    for name in rows::NAMES.iter().filter(|name| all || asked.iter().any(|asked| asked == *name)) {
        println!("\n{name}");
        rows::run(name).await.iter().for_each(|figure| println!("{figure}"));
    }
    std::process::ExitCode::SUCCESS
}

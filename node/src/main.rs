//! `carnet-node`: reads the configuration, then serves or prints its key.

use carnet_node::{
    Config,
    config::{self, Command},
    start,
};
use carnet_protocol::day::Timestamp;
use std::{
    error::Error,
    io::{IsTerminal as _, Write as _},
    process::ExitCode,
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

type Outcome = Result<(), Box<dyn Error>>;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("carnet-node: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Outcome {
    match config::read(arguments, |name| std::env::var(name).ok())? {
        Command::Help => print(&config::help()),
        Command::Version => print(concat!("carnet-node ", env!("CARGO_PKG_VERSION"))),
        Command::Key(config) => print(&carnet_node::verifier(&config)?.to_string()),
        Command::Serve(config) => serve(&config),
    }
}

/// Writes a line to standard output, at once: who started the node waits for it.
fn print(text: &str) -> Outcome {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{}", text.trim_end())?;
    Ok(out.flush()?)
}

fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp(u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
}

fn serve(config: &Config) -> Outcome {
    tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::try_new(&config.filter)?)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .init();
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(async {
        let mut terminate = signal(SignalKind::terminate())?;
        let running = start(config, Arc::new(now)).await?;
        print(&format!("listening on http://{}", running.address))?;
        tokio::select! {
            interrupted = tokio::signal::ctrl_c() => interrupted?,
            _ = terminate.recv() => {}
        }
        running.shutdown().await;
        Ok(())
    })
}

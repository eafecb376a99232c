//! `carnet-server`: reads the configuration, then serves, makes a ledger, admits a member or makes a backup.

use carnet_server::{
    admission, backup,
    clock::{Clock, SystemClock},
    config::{self, Command, Config, LogFormat},
    ledger, serve, vin,
};
use std::{
    error::Error,
    io::{IsTerminal as _, Write as _},
    path::Path,
    process::ExitCode,
    sync::Arc,
};
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

type Outcome = Result<(), Box<dyn Error>>;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("carnet-server: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Outcome {
    match config::read(arguments, |name| std::env::var(name).ok())? {
        Command::Help => print(&config::help()),
        Command::Version => print(concat!("carnet-server ", env!("CARGO_PKG_VERSION"))),
        Command::Serve(config) => run_relay(*config),
        Command::Init { data_dir, name, authority_key } => {
            let authority = admission::authority_key(&authority_key, true)?;
            let ledger = open_ledger(&data_dir)?;
            admission::make_ledger(&ledger, &authority, &name, SystemClock.now())?;
            print(&format!("The ledger stands. Keep {} safe: it admits members.", authority_key.display()))
        }
        Command::PublishVinKey { data_dir, authority_key, vin_key } => {
            let authority = admission::authority_key(&authority_key, false)?;
            let ledger = open_ledger(&data_dir)?;
            let evaluator = vin::evaluator(&vin_key, true)?;
            vin::publish(&ledger, &authority, &evaluator, SystemClock.now())?;
            print(&format!("The key for VINs stands. Keep {} secret: it tells which car is which.", vin_key.display()))
        }
        Command::Backup(config) => {
            let made = backup::make(&config.backups, &config.data_dir, SystemClock.now())?;
            let names: Vec<String> = made.iter().map(|file| file.display().to_string()).collect();
            print(&names.join("\n"))
        }
        Command::Admit { data_dir, authority_key, member } => {
            let authority = admission::authority_key(&authority_key, false)?;
            let ledger = open_ledger(&data_dir)?;
            admission::admit(&ledger, &authority, &member, SystemClock.now())?;
            print(&format!("{} is a member.", member.name))
        }
    }
}

fn open_ledger(data_dir: &Path) -> Result<carnet_ledger_embedded::EmbeddedLedger, Box<dyn Error>> {
    std::fs::create_dir_all(data_dir)?;
    Ok(ledger::open(&data_dir.join(serve::LEDGER_FILE), Arc::new(SystemClock))?)
}

/// Writes a line to standard output, at once: who started the relay waits for it.
fn print(text: &str) -> Outcome {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{}", text.trim_end())?;
    Ok(out.flush()?)
}

fn run_relay(config: Config) -> Outcome {
    let filter = EnvFilter::try_new(&config.log)?;
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    match config.log_format {
        LogFormat::Text => log.init(),
        LogFormat::Json => log.json().init(),
    }
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(async {
        let mut terminate = signal(SignalKind::terminate())?;
        let running = serve::start(config).await?;
        print(&format!("listening on http://{}", running.address))?;
        if let Some(address) = running.metrics_address {
            print(&format!("metrics on http://{address}/metrics"))?;
        }
        tokio::select! {
            interrupted = tokio::signal::ctrl_c() => interrupted?,
            _ = terminate.recv() => {}
        }
        tracing::info!("ending");
        running.shutdown().await;
        Ok(())
    })
}

//! The node's configuration: flags, then environment, then file, then defaults, as the relay has it.

use carnet_proofs::vkey::NoteVerifier;
use std::{collections::BTreeMap, net::SocketAddr, path::PathBuf};

/// Everything that can be set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Where it listens.
    pub listen: SocketAddr,
    /// The file of its books.
    pub books: PathBuf,
    /// The file of its key; made where it is missing.
    pub key: PathBuf,
    /// Its name, as the policy's key has it.
    pub name: String,
    /// The log it cosigns.
    pub log: Option<NoteVerifier>,
    /// Which of the demo's cosigners it is, from 1; its name, key and log are then the demo's.
    pub demo: Option<usize>,
    /// What is logged, as a `tracing` filter.
    pub filter: String,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8790)),
            books: PathBuf::from("cosigner.redb"),
            key: PathBuf::from("cosigner.key"),
            name: String::new(),
            log: None,
            demo: None,
            filter: "info".to_owned(),
        }
    }
}

/// What to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Run.
    Serve(Box<Config>),
    /// Print the public key, for the policy.
    Key(Box<Config>),
    /// Print the help text.
    Help,
    /// Print the version.
    Version,
}

/// A configuration that cannot be used.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// A flag, key or command nobody knows.
    #[error("there is no setting or command {0}; --help lists them")]
    Unknown(String),
    /// A value that is none.
    #[error("{place}: \"{value}\" is not a value for it; --help says what is")]
    BadValue {
        /// Flag, variable or key.
        place: String,
        /// The value.
        value: String,
    },
    /// The file cannot be read.
    #[error("the configuration file cannot be read: {0}")]
    File(String),
}

/// Key, value, sentence, and how it is set.
type Setting = (&'static str, &'static str, &'static str, fn(&mut Config, &str) -> Option<()>);

const SETTINGS: [Setting; 7] = [
    ("listen", "ADDRESS", "where it listens; port 0 picks a free one", |c, t| put(&mut c.listen, t.parse().ok())),
    ("books", "FILE", "its books; made where they are missing", |c, t| put(&mut c.books, path(t))),
    ("key", "FILE", "its secret key; made where it is missing, readable by you alone", |c, t| put(&mut c.key, path(t))),
    ("name", "NAME", "its name, such as garage.example/carnet", |c, t| put(&mut c.name, path(t).map(|_| t.to_owned()))),
    ("log", "KEY", "the log it cosigns, as name+id+base64", |c, t| {
        put(&mut c.log, NoteVerifier::parse(t).ok().map(Some))
    }),
    ("demo", "1..3", "be this cosigner of the demo consortium, whose keys are public", |c, t| {
        put(&mut c.demo, t.parse().ok().filter(|n| (1..=3).contains(n)).map(Some))
    }),
    ("filter", "FILTER", "what is logged: error, warn, info, debug, or a tracing filter", |c, t| {
        put(&mut c.filter, Some(t.to_owned()))
    }),
];

fn put<T>(place: &mut T, value: Option<T>) -> Option<()> {
    *place = value?;
    Some(())
}

fn path(text: &str) -> Option<PathBuf> {
    (!text.is_empty()).then(|| PathBuf::from(text))
}

fn variable_of(key: &str) -> String {
    format!("CARNET_NODE_{}", key.to_uppercase())
}

/// Reads the command line (without the program's name); `variable` gives environment variables.
///
/// # Errors
/// [`ConfigError`] with a sentence that says what to change.
pub fn read(arguments: &[String], variable: impl Fn(&str) -> Option<String>) -> Result<Command, ConfigError> {
    if arguments.iter().any(|argument| argument == "--help" || argument == "-h") {
        return Ok(Command::Help);
    }
    if arguments.iter().any(|argument| argument == "--version") {
        return Ok(Command::Version);
    }
    match arguments.first().map(String::as_str) {
        Some("key") => Ok(Command::Key(Box::new(config(&arguments[1..], variable)?))),
        _ => Ok(Command::Serve(Box::new(config(arguments, variable)?))),
    }
}

fn config(arguments: &[String], variable: impl Fn(&str) -> Option<String>) -> Result<Config, ConfigError> {
    let flags = flags(arguments)?;
    let mut config = Config::default();
    if let Some(file) = flags.get("config").cloned().or_else(|| variable("CARNET_NODE_CONFIG")) {
        let text = std::fs::read_to_string(&file).map_err(|error| ConfigError::File(format!("{file}: {error}")))?;
        let table: toml::Table =
            toml::from_str(&text).map_err(|error| ConfigError::File(format!("{file}: {error}")))?;
        for (key, value) in table {
            let value = match value {
                toml::Value::String(text) => text,
                toml::Value::Integer(number) => number.to_string(),
                // Refused by every setting.
                _ => "?".to_owned(),
            };
            set(&mut config, &key, &format!("{file}: {key}"), &value)?;
        }
    }
    for (key, ..) in SETTINGS {
        if let Some(value) = variable(&variable_of(key)) {
            set(&mut config, key, &variable_of(key), &value)?;
        }
    }
    for (key, value) in flags.iter().filter(|(key, _)| *key != "config") {
        set(&mut config, key, &format!("--{key}"), value)?;
    }
    Ok(config)
}

fn flags(arguments: &[String]) -> Result<BTreeMap<String, String>, ConfigError> {
    let mut found = BTreeMap::new();
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        let name = argument.strip_prefix("--").ok_or_else(|| ConfigError::Unknown(argument.clone()))?;
        let (name, value) = match name.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (name, arguments.next().cloned()),
        };
        let missing = || ConfigError::BadValue { place: argument.clone(), value: String::new() };
        found.insert(name.to_owned(), value.ok_or_else(missing)?);
    }
    Ok(found)
}

fn set(config: &mut Config, key: &str, place: &str, value: &str) -> Result<(), ConfigError> {
    let setting = SETTINGS.iter().find(|(known, ..)| *known == key);
    let (.., set) = setting.ok_or_else(|| ConfigError::Unknown(place.to_owned()))?;
    set(config, value).ok_or_else(|| ConfigError::BadValue { place: place.to_owned(), value: value.to_owned() })
}

/// What `--help` prints.
pub fn help() -> String {
    let mut text = "\
carnet-node: a member's cosigner. It applies the ledger's rules to every transaction itself and signs the log's
checkpoints that follow from them, and no second history.

USAGE
  carnet-node [FLAGS]         serve
  carnet-node key [FLAGS]     print its public key, for the consortium's policy
  carnet-node --help | --version

A flag goes before an environment variable, that before the file, that before the default.

FLAGS
  --config FILE (CARNET_NODE_CONFIG)
      a TOML file with the settings below
"
    .to_owned();
    for (key, value, says, _) in SETTINGS {
        text += &format!("  --{key} {value} ({})\n      {says}\n", variable_of(key));
    }
    text
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn served(text: &str, variable: impl Fn(&str) -> Option<String>) -> Result<Config, ConfigError> {
        let arguments: Vec<_> = text.split_whitespace().map(str::to_owned).collect();
        read(&arguments, variable).map(|command| match command {
            Command::Serve(config) => *config,
            other => unreachable!("{other:?}"),
        })
    }

    #[test]
    fn flags_go_before_environment_before_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("node.toml");
        std::fs::write(&file, "listen = \"127.0.0.1:1\"\nname = \"a\"\ndemo = 3\n").unwrap();
        let variable = |name: &str| (name == "CARNET_NODE_NAME").then(|| "b".to_owned());
        let config = served(&format!("--config {} --listen 127.0.0.1:3", file.display()), variable).unwrap();
        assert_eq!((config.listen.port(), config.name.as_str(), config.demo), (3, "b", Some(3)));
    }

    #[test]
    fn what_is_unknown_or_no_value_is_refused() {
        assert_eq!(served("--lisen x", |_| None), Err(ConfigError::Unknown("--lisen".to_owned())));
        assert_eq!(served("serve", |_| None), Err(ConfigError::Unknown("serve".to_owned())));
        for bad in ["--demo 4", "--demo 0", "--log nobody", "--listen"] {
            assert!(matches!(served(bad, |_| None), Err(ConfigError::BadValue { .. })), "{bad}");
        }
    }
}

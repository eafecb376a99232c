//! Reads arguments, environment and file into a [`Command`].

use super::{Config, settings, settings::SETTINGS};
use carnet_protocol::{
    key::{SealingKey, VerifyingKey},
    member::MemberClass,
};
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

/// What to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Run the relay.
    Serve(Box<Config>),
    /// Copy the store of a running relay into dated files.
    Backup(Box<Config>),
    /// Make a ledger.
    Init {
        /// Where.
        data_dir: PathBuf,
        /// The consortium's public name.
        name: String,
        /// File of the authority's seed.
        authority_key: PathBuf,
    },
    /// Name the key for VINs on the ledger.
    PublishVinKey {
        /// Where the ledger lies.
        data_dir: PathBuf,
        /// File of the authority's seed.
        authority_key: PathBuf,
        /// File of the key's seed.
        vin_key: PathBuf,
    },
    /// Admit a member.
    Admit {
        /// Where the ledger lies.
        data_dir: PathBuf,
        /// File of the authority's seed.
        authority_key: PathBuf,
        /// The member.
        member: carnet_protocol::member::Member,
    },
    /// Print the help text.
    Help,
    /// Print the version.
    Version,
}

/// A configuration that cannot be used.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// A flag or command nobody knows.
    #[error("there is no flag or command {0}; --help lists them")]
    UnknownFlag(String),
    /// A key nobody knows.
    #[error("{file}: there is no setting \"{key}\"; --help lists them")]
    UnknownKey {
        /// The file.
        file: String,
        /// The key.
        key: String,
    },
    /// A flag that needs a value has none.
    #[error("{0} needs a value")]
    MissingValue(String),
    /// A flag that the command needs is not there.
    #[error("{command} needs {flag}")]
    MissingFlag {
        /// The command.
        command: &'static str,
        /// The flag.
        flag: &'static str,
    },
    /// A value that is none.
    #[error("{place}: \"{value}\" is not a value for it; --help says what is")]
    BadValue {
        /// Flag, variable or key.
        place: String,
        /// The value.
        value: String,
    },
    /// The file cannot be read.
    #[error("the configuration file {file} cannot be read: {why}")]
    File {
        /// The file.
        file: String,
        /// Why.
        why: String,
    },
}

/// Reads the command line (without the program's name); `variable` gives environment variables.
///
/// # Errors
/// [`ConfigError`] with a sentence that says what to change.
pub fn read(arguments: &[String], variable: impl Fn(&str) -> Option<String>) -> Result<Command, ConfigError> {
    let command = arguments.first().map(String::as_str);
    let rest = arguments.get(1..).unwrap_or_default();
    match command {
        Some("init") => init(&flags(rest)?, &variable),
        Some("publish-vin-key") => publish_vin_key(&flags(rest)?, &variable),
        Some("backup") => serve(&flags(rest)?, &variable).map(|config| Command::Backup(Box::new(config))),
        Some("admit") => admit(&flags(rest)?, &variable),
        _ if arguments.iter().any(|argument| argument == "--help" || argument == "-h") => Ok(Command::Help),
        _ if arguments.iter().any(|argument| argument == "--version") => Ok(Command::Version),
        _ => serve(&flags(arguments)?, &variable).map(|config| Command::Serve(Box::new(config))),
    }
}

type Flags = BTreeMap<String, String>;

/// `--key value`, `--key=value` and bare switches, by key with underscores.
fn flags(arguments: &[String]) -> Result<Flags, ConfigError> {
    let mut found = Flags::new();
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        let name = argument.strip_prefix("--").ok_or_else(|| ConfigError::UnknownFlag(argument.clone()))?;
        let (name, value) = match name.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (name, None),
        };
        let key = name.replace('-', "_");
        let is_switch = settings::find(&key).is_some_and(|setting| setting.value.is_empty());
        let value = match value {
            Some(value) => value,
            None if is_switch => "true".to_owned(),
            None => arguments.next().cloned().ok_or_else(|| ConfigError::MissingValue(argument.clone()))?,
        };
        found.insert(key, value);
    }
    Ok(found)
}

fn serve(flags: &Flags, variable: &impl Fn(&str) -> Option<String>) -> Result<Config, ConfigError> {
    if let Some(unknown) = flags.keys().find(|key| *key != "config" && settings::find(key).is_none()) {
        return Err(ConfigError::UnknownFlag(format!("--{}", unknown.replace('_', "-"))));
    }
    let mut config = Config::default();
    if let Some(file) = flags.get("config").cloned().or_else(|| variable("CARNET_CONFIG")) {
        from_file(&mut config, Path::new(&file))?;
    }
    for setting in SETTINGS {
        if let Some(value) = variable(&setting.variable()) {
            set(&mut config, setting, &setting.variable(), &value)?;
        }
        if let Some(value) = flags.get(setting.key) {
            set(&mut config, setting, &setting.flag(), value)?;
        }
    }
    let backups = &config.backups;
    if backups.keyring_days > backups.record_days {
        // An erasure is stated to be over with the last backup of records.
        let value = backups.keyring_days.to_string();
        return Err(ConfigError::BadValue { place: "keyring_backup_days".to_owned(), value });
    }
    Ok(config)
}

fn from_file(config: &mut Config, file: &Path) -> Result<(), ConfigError> {
    let name = file.display().to_string();
    let failed = |why: String| ConfigError::File { file: name.clone(), why };
    let text = std::fs::read_to_string(file).map_err(|error| failed(error.to_string()))?;
    let table: toml::Table = toml::from_str(&text).map_err(|error| failed(error.to_string()))?;
    for (key, value) in table {
        let setting =
            settings::find(&key).ok_or_else(|| ConfigError::UnknownKey { file: name.clone(), key: key.clone() })?;
        set(config, setting, &format!("{name}: {key}"), &plain(&value))?;
    }
    Ok(())
}

/// A TOML value as the text a flag would have.
fn plain(value: &toml::Value) -> String {
    match value {
        toml::Value::String(text) => text.clone(),
        toml::Value::Array(values) => values.iter().map(plain).collect::<Vec<_>>().join(","),
        toml::Value::Integer(number) => number.to_string(),
        toml::Value::Boolean(switch) => switch.to_string(),
        // Refused by every setting.
        _ => "?".to_owned(),
    }
}

fn set(config: &mut Config, setting: &settings::Setting, place: &str, value: &str) -> Result<(), ConfigError> {
    (setting.set)(config, value)
        .ok_or_else(|| ConfigError::BadValue { place: place.to_owned(), value: value.to_owned() })
}

fn init(flags: &Flags, variable: &impl Fn(&str) -> Option<String>) -> Result<Command, ConfigError> {
    only(flags, &["name", "authority_key", "data_dir"])?;
    Ok(Command::Init {
        data_dir: data_dir(flags, variable),
        name: needed(flags, "init", "name", "--name")?.clone(),
        authority_key: needed(flags, "init", "authority_key", "--authority-key")?.into(),
    })
}

fn publish_vin_key(flags: &Flags, variable: &impl Fn(&str) -> Option<String>) -> Result<Command, ConfigError> {
    only(flags, &["vin_key", "authority_key", "data_dir"])?;
    Ok(Command::PublishVinKey {
        data_dir: data_dir(flags, variable),
        authority_key: needed(flags, "publish-vin-key", "authority_key", "--authority-key")?.into(),
        vin_key: needed(flags, "publish-vin-key", "vin_key", "--vin-key")?.into(),
    })
}

fn admit(flags: &Flags, variable: &impl Fn(&str) -> Option<String>) -> Result<Command, ConfigError> {
    only(flags, &["name", "class", "sign_key", "seal_key", "base_quality", "authority_key", "data_dir"])?;
    let bad = |flag: &str, value: &str| ConfigError::BadValue { place: flag.to_owned(), value: value.to_owned() };
    let class = needed(flags, "admit", "class", "--class")?;
    let sign = needed(flags, "admit", "sign_key", "--sign-key")?;
    let seal = needed(flags, "admit", "seal_key", "--seal-key")?;
    let quality = flags.get("base_quality").map_or("80", String::as_str);
    let member = carnet_protocol::member::Member {
        sign: sign.parse::<VerifyingKey>().map_err(|_| bad("--sign-key", sign))?,
        seal: seal.parse::<SealingKey>().map_err(|_| bad("--seal-key", seal))?,
        name: needed(flags, "admit", "name", "--name")?.clone(),
        class: class_of(class).ok_or_else(|| bad("--class", class))?,
        base_quality: quality.parse().ok().filter(|q| *q <= 100).ok_or_else(|| bad("--base-quality", quality))?,
    };
    let authority_key = needed(flags, "admit", "authority_key", "--authority-key")?.into();
    Ok(Command::Admit { data_dir: data_dir(flags, variable), authority_key, member })
}

fn class_of(text: &str) -> Option<MemberClass> {
    Some(match text {
        "manufacturer" => MemberClass::Manufacturer,
        "garage" => MemberClass::Garage,
        "insurer" => MemberClass::Insurer,
        "bank" => MemberClass::Bank,
        "expert" => MemberClass::Expert,
        _ => return None,
    })
}

fn data_dir(flags: &Flags, variable: &impl Fn(&str) -> Option<String>) -> PathBuf {
    flags
        .get("data_dir")
        .cloned()
        .or_else(|| variable("CARNET_DATA_DIR"))
        .map_or(Config::default().data_dir, Into::into)
}

fn needed<'a>(
    flags: &'a Flags,
    command: &'static str,
    key: &str,
    flag: &'static str,
) -> Result<&'a String, ConfigError> {
    flags.get(key).ok_or(ConfigError::MissingFlag { command, flag })
}

fn only(flags: &Flags, known: &[&str]) -> Result<(), ConfigError> {
    match flags.keys().find(|key| !known.contains(&key.as_str())) {
        Some(key) => Err(ConfigError::UnknownFlag(format!("--{}", key.replace('_', "-")))),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn args(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_owned).collect()
    }

    fn served(text: &str, variable: impl Fn(&str) -> Option<String>) -> Result<Config, ConfigError> {
        read(&args(text), variable).map(|command| match command {
            Command::Serve(config) => *config,
            other => unreachable!("{other:?}"),
        })
    }

    #[test]
    fn flags_go_before_environment_before_file_before_defaults() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("carnet.toml");
        std::fs::write(&file, "listen = \"127.0.0.1:1\"\nrunning = 7\nwaiting = 8\ndemo = true\n").unwrap();
        let line = format!("--config {} --listen 127.0.0.1:3", file.display());
        let environment = |name: &str| match name {
            "CARNET_LISTEN" => Some("127.0.0.1:2".to_owned()),
            "CARNET_RUNNING" => Some("9".to_owned()),
            _ => None,
        };
        let config = served(&line, environment).unwrap();
        assert_eq!(config.listen.port(), 3);
        assert_eq!(config.limits.running, 9);
        assert_eq!(config.limits.waiting, 8);
        assert!(config.demo);
        assert_eq!(config.limits.connections, Config::default().limits.connections);
    }

    #[test]
    fn what_is_unknown_or_no_value_is_refused_by_name() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("carnet.toml");
        std::fs::write(&file, "lisen = \"127.0.0.1:1\"\n").unwrap();
        let refused = served(&format!("--config {}", file.display()), |_| None).unwrap_err().to_string();
        assert!(refused.contains("\"lisen\""), "{refused}");
        assert_eq!(served("--lisen x", |_| None), Err(ConfigError::UnknownFlag("--lisen".to_owned())));
        assert_eq!(served("serve", |_| None), Err(ConfigError::UnknownFlag("serve".to_owned())));
        assert_eq!(served("--listen", |_| None), Err(ConfigError::MissingValue("--listen".to_owned())));
        assert!(matches!(served("--running 0", |_| None), Err(ConfigError::BadValue { .. })));
        let of_environment = served("", |name| (name == "CARNET_LISTEN").then(|| "here".to_owned()));
        assert!(of_environment.unwrap_err().to_string().contains("CARNET_LISTEN"));
    }

    #[test]
    fn switches_need_no_value_and_take_one() {
        assert!(served("--demo --metrics-listen off", |_| None).unwrap().demo);
        assert!(!served("--demo=false", |_| None).unwrap().demo);
        assert_eq!(served("--metrics-listen off", |_| None).unwrap().metrics_listen, None);
    }

    #[test]
    fn keyrings_are_kept_no_longer_than_records() {
        let config = served("--backup-days 10 --keyring-backup-days 10", |_| None).unwrap();
        assert_eq!((config.backups.record_days, config.backups.keyring_days), (10, 10));
        assert!(matches!(served("--backup-days 3", |_| None), Err(ConfigError::BadValue { .. })));
        assert!(matches!(read(&args("backup --data-dir x"), |_| None), Ok(Command::Backup(_))));
    }

    #[test]
    fn admitting_asks_for_all_it_needs() {
        let key = VerifyingKey([7; 32]);
        let line = format!("admit --name Garage --class garage --sign-key {key} --seal-key {key} --authority-key a");
        assert!(matches!(read(&args(&line), |_| None), Ok(Command::Admit { .. })));
        let refused = read(&args(&line.replace("--class garage", "--class pub")), |_| None);
        assert!(matches!(refused, Err(ConfigError::BadValue { .. })));
        let refused = read(&args("admit --name Garage"), |_| None).unwrap_err();
        assert_eq!(refused, ConfigError::MissingFlag { command: "admit", flag: "--class" });
        assert_eq!(read(&args("--help"), |_| None), Ok(Command::Help));
    }

    #[test]
    fn help_names_every_setting() {
        let text = crate::config::help();
        for setting in SETTINGS {
            assert!(text.contains(&setting.flag()), "{}", setting.key);
        }
    }
}

//! What `--help` prints.

use super::settings::SETTINGS;
use std::fmt::Write as _;

const INTRODUCTION: &str = "\
carnet-server: the relay of Carnet. It keeps sealed records, grants and links, runs the embedded ledger, and serves
the app. It can read none of what it keeps.

USAGE
  carnet-server [FLAGS]                      serve
  carnet-server init --name NAME --authority-key FILE [--data-dir FOLDER]
                                             make a ledger whose members the key in FILE admits; FILE is made where it
                                             is missing (32 random bytes in base64url, readable by you alone): keep it
  carnet-server publish-vin-key --vin-key FILE --authority-key FILE [--data-dir FOLDER]
                                             name the key that turns VINs into tags, once; FILE is made where it is
                                             missing: keep it secret and safe, it cannot be replaced
  carnet-server admit --name NAME --class CLASS --sign-key KEY --seal-key KEY [--base-quality 0..100]
                      --authority-key FILE [--data-dir FOLDER]
                                             admit a member; CLASS is manufacturer, garage, insurer, bank or expert;
                                             keys are the member's public ones in base64url. Stop the relay first:
                                             the ledger has one writer
  carnet-server backup [FLAGS]               copy the store of a running relay into dated files, records and keyrings
                                             apart, and remove those that are too old
  carnet-server --help | --version

A flag goes before an environment variable, that before the file, that before the default.

FLAGS
  --config FILE (CARNET_CONFIG)
      a TOML file with the settings below, named with underscores; a key it should not have is refused
";

/// The help text.
pub fn help() -> String {
    let mut text = INTRODUCTION.to_owned();
    for setting in SETTINGS {
        let value = if setting.value.is_empty() { "[=true|false]" } else { setting.value };
        // Writing to a String cannot fail.
        let _ = writeln!(text, "  {} {value} ({})\n      {}", setting.flag(), setting.variable(), setting.says);
    }
    text
}

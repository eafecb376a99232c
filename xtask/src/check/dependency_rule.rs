//! Which crate may know which: the rule of ARCHITECTURE.md, as the table in `layers.rs` has it.
//!
//! The core crates read no clock, no randomness, no network and no browser; so nothing that could do it for them may
//! be in their tree either.

use std::collections::BTreeSet;

use super::Outcome;
use crate::failure::{Failure, Result};
use crate::layers::{Layer, RULES, layer};
use crate::process;
use crate::workspace::{Member, Workspace};

/// Crates that bring a clock, randomness, a network, a browser or a database with them.
const IMPURE: [&str; 18] = [
    "tokio",
    "async-std",
    "smol",
    "mio",
    "hyper",
    "reqwest",
    "axum",
    "rusqlite",
    "redb",
    "getrandom",
    "web-sys",
    "js-sys",
    "wasm-bindgen",
    "gloo",
    "leptos",
    "chrono",
    "web-time",
    "instant",
];

/// Checks the workspace's own edges, then everything that core crates pull in.
pub fn check(workspace: &Workspace) -> Result<Outcome> {
    let members = workspace.members()?;
    let mut faults = edge_faults(&members);
    for member in members.iter().filter(|member| layer(&member.name) == Some(Layer::Core)) {
        faults.extend(purity_faults(&member.name, &tree(workspace, &member.name)?));
    }
    Ok(Outcome::from_faults(faults))
}

fn edge_faults(members: &[Member]) -> Vec<String> {
    let ours: BTreeSet<&str> = members.iter().map(|member| member.name.as_str()).collect();
    let mut faults = Vec::new();
    for member in members {
        let Some(rule) = RULES.iter().find(|rule| rule.name == member.name) else {
            faults.push(format!(
                "{} has no place in the dependency rule; give it one in xtask/src/layers.rs",
                member.name
            ));
            continue;
        };
        let known = member.dependencies.iter().filter(|name| ours.contains(name.as_str()));
        for name in known.filter(|name| !rule.may_know.contains(&name.as_str())) {
            faults.push(format!("{} must not know {name}", member.name));
        }
    }
    faults
}

fn purity_faults(name: &str, tree: &str) -> Vec<String> {
    let packages: BTreeSet<&str> = tree.lines().filter_map(|line| line.split_whitespace().next()).collect();
    IMPURE
        .iter()
        .filter(|impure| packages.contains(*impure))
        .map(|impure| {
            format!("{name} is a core crate and must not bring in {impure}: see `cargo tree -p {name} -i {impure}`")
        })
        .collect()
}

/// All packages in the normal build of `name` on its own, on any target, one per line.
fn tree(workspace: &Workspace, name: &str) -> Result<String> {
    let mut cargo = workspace.cargo();
    // Procedural macros run at compile time only, whatever they bring.
    cargo.args(["tree", "--package", name, "--edges", "normal,no-proc-macro", "--target", "all", "--prefix", "none"]);
    process::capture(&mut cargo)
        .ok_or_else(|| Failure::new(format!("`cargo tree --package {name}` failed."), "Run it by hand to see why."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    fn member(name: &str, dependencies: &[&str]) -> Member {
        Member {
            name: name.into(),
            folder: PathBuf::new(),
            dependencies: dependencies.iter().map(|name| (*name).to_owned()).collect(),
            dev_dependencies: BTreeSet::new(),
        }
    }

    #[test]
    fn edges_down_the_chain_are_allowed() {
        let members = [member("carnet-protocol", &["serde"]), member("carnet-crypto", &["carnet-protocol", "hpke"])];
        assert!(edge_faults(&members).is_empty());
    }

    #[test]
    fn edges_up_and_across_are_refused() {
        let members = [
            member("carnet-protocol", &["carnet-crypto"]),
            member("carnet-crypto", &[]),
            member("carnet-app", &["carnet-server"]),
            member("carnet-server", &["carnet-wallet"]),
            member("carnet-wallet", &["carnet-ledger"]),
            member("carnet-ledger", &[]),
        ];
        let expected = [
            "carnet-protocol must not know carnet-crypto",
            "carnet-app must not know carnet-server",
            "carnet-server must not know carnet-wallet",
            "carnet-wallet must not know carnet-ledger",
        ];
        assert_eq!(edge_faults(&members), expected);
    }

    #[test]
    fn a_crate_without_a_place_is_refused() {
        assert_eq!(edge_faults(&[member("carnet-new", &[])]).len(), 1);
    }

    #[test]
    fn impure_packages_are_found_by_their_whole_name() {
        assert!(purity_faults("x", "x v0.1.0\nrand_core v0.10.0\ntokio-like v1.0.0\n").is_empty());
        assert_eq!(purity_faults("x", "x v0.1.0\ngetrandom v0.4.3\n").len(), 1);
    }

    #[test]
    fn the_table_is_free_of_circles() {
        for rule in &RULES {
            for known in rule.may_know {
                let back = RULES.iter().find(|other| other.name == *known);
                assert!(back.is_some_and(|back| !back.may_know.contains(&rule.name)), "{} <-> {known}", rule.name);
            }
        }
    }
}

//! The demo members' cosigners as child processes, beside the relay and ended after it.

use std::path::Path;
use std::process::{Child, Command, Stdio};

use super::relay::{await_ready, end};
use crate::failure::{Failure, Result};
use crate::workspace::Workspace;

/// As many as the demo's policy names; two of them are enough.
const NODES: usize = 3;

/// Cosigners that listen.
pub struct Nodes(Vec<(Child, String)>);

impl Nodes {
    /// Starts `program` for each and waits until they listen, on ports that the system chooses.
    pub fn start(workspace: &Workspace, program: &Path) -> Result<Self> {
        let data = workspace.state().join("data");
        make_private(&data).map_err(|error| {
            Failure::new(format!("{} cannot be made: {error}.", data.display()), "Check who owns .carnet.")
        })?;
        let mut nodes = Self(Vec::new());
        for n in 1..=NODES {
            let mut command = Command::new(program);
            command
                .current_dir(&workspace.root)
                .args(["--demo", &n.to_string(), "--listen", "127.0.0.1:0", "--filter", "warn"])
                .arg("--books")
                .arg(data.join(format!("cosigner-{n}.redb")))
                .stdin(Stdio::null())
                .stdout(Stdio::piped());
            let mut child = command.spawn().map_err(|error| {
                Failure::new(
                    format!("{} could not be started: {error}.", program.display()),
                    "Delete it and try again.",
                )
            })?;
            match await_ready(&mut child) {
                Some(url) => nodes.0.push((child, url)),
                None => {
                    end(&mut child);
                    return Err(Failure::new(
                        format!("Cosigner {n} did not come up."),
                        "Its reason stands above. If it speaks of its data, move .carnet/data away and try again.",
                    ));
                }
            }
        }
        Ok(nodes)
    }

    /// Where they listen, for the relay.
    pub fn addresses(&self) -> String {
        self.0.iter().map(|(_, url)| url.as_str()).collect::<Vec<_>>().join(",")
    }
}

/// The data folder, readable by its owner alone, as the relay makes it.
fn make_private(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

impl Drop for Nodes {
    fn drop(&mut self) {
        self.0.iter_mut().for_each(|(child, _)| end(child));
    }
}

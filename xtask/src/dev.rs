//! `cargo xtask dev`: the app and the relay unoptimised, rebuilt when a file changes.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, SystemTime};

use crate::app_build::{self, Optimisation};
use crate::failure::Result;
use crate::process::say;
use crate::serve::{self, Profile, Relay};
use crate::setup::AppTools;
use crate::workspace::{self, Workspace};

/// How often the files are looked at; a look takes a few milliseconds.
const LOOK: Duration = Duration::from_millis(500);

/// Builds, serves, and does both again at every change until Ctrl-C.
pub fn run(workspace: &Workspace, args: &[String]) -> Result<()> {
    let wanted = serve::port(args)?;
    let tools = AppTools::ready(workspace)?;
    let dist = workspace.target.join("dev-dist");
    app_build::build(workspace, &tools, Optimisation::Development, &dist)?;
    let program = serve::build_server(workspace, Profile::Development)?;
    let mut relay = serve::start(workspace, &program, &dist, wanted)?;
    tell(&relay);
    let app = Sources::of_app(workspace)?;
    let server = Sources::of_server(workspace)?;
    let (mut app_seen, mut server_seen) = (app.look()?, server.look()?);
    while relay.is_running() {
        thread::sleep(LOOK);
        let (app_now, server_now) = (app.look()?, server.look()?);
        if app_now != app_seen {
            app_seen = app_now;
            shrug(app_build::build(workspace, &tools, Optimisation::Development, &dist));
            say("reload the page");
        }
        if server_now != server_seen {
            server_seen = server_now;
            relay = match serve::build_server(workspace, Profile::Development) {
                Ok(program) => {
                    drop(relay);
                    serve::start(workspace, &program, &dist, wanted)?
                }
                Err(failure) => {
                    println!("{failure}");
                    relay
                }
            };
            tell(&relay);
        }
    }
    Ok(())
}

fn tell(relay: &Relay) {
    println!("\nCarnet runs at  {}  and follows your changes. Ctrl-C stops it.\n", relay.url());
}

/// A build that fails while somebody is typing is no reason to end.
fn shrug(result: Result<()>) {
    if let Err(failure) = result {
        println!("{failure}");
    }
}

/// Folders whose files are watched.
struct Sources(Vec<PathBuf>);

impl Sources {
    fn of_app(workspace: &Workspace) -> Result<Self> {
        Ok(Self(app_build::inputs(workspace)?))
    }

    fn of_server(workspace: &Workspace) -> Result<Self> {
        let members = workspace.members()?;
        let folders = members.into_iter().map(|member| member.folder);
        let app = workspace.root.join("app");
        Ok(Self(folders.filter(|folder| *folder != app && !folder.ends_with("xtask")).collect()))
    }

    /// When each file was last written.
    fn look(&self) -> Result<BTreeMap<PathBuf, SystemTime>> {
        let mut seen = BTreeMap::new();
        for folder in &self.0 {
            for file in workspace::files_below(folder)? {
                // A file that is gone again by now is seen as such at the next look.
                if let Ok(time) = fs::metadata(&file).and_then(|data| data.modified()) {
                    seen.insert(file, time);
                }
            }
        }
        Ok(seen)
    }
}

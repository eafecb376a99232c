//! The relay as a child process: started, awaited until it listens, ended with this tool.

use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Once, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use super::node::Nodes;
use crate::failure::{Failure, Result};
use crate::process;
use crate::workspace::Workspace;

/// What the relay prints, before its address, once it accepts connections.
const READY: &str = "listening on ";
/// The longest start: the ledger is replayed after a crash.
const START_LIMIT: Duration = Duration::from_secs(60);
/// The longest end: connections are drained.
const STOP_LIMIT: Duration = Duration::from_secs(10);

/// A relay that accepts connections.
pub struct Relay {
    child: Child,
    url: String,
    /// The demo's cosigners; ended after it.
    _nodes: Nodes,
}

impl Relay {
    /// Starts `program` for the app in `dist` on `port` and waits until it listens.
    pub fn start(workspace: &Workspace, program: &Path, dist: &Path, port: u16) -> Result<Self> {
        let nodes = Nodes::start(workspace, &program.with_file_name("carnet-node"))?;
        let mut command = Command::new(program);
        command
            .current_dir(&workspace.root)
            .arg("--app-dir")
            .arg(dist)
            .arg("--data-dir")
            .arg(workspace.state().join("data"))
            .args(["--listen", &format!("127.0.0.1:{port}"), "--demo"])
            .args(["--cosigners", &nodes.addresses()])
            .args(["--metrics-listen", &format!("127.0.0.1:{}", free_port(port.wrapping_add(1))?)])
            .stdin(Stdio::null())
            .stdout(Stdio::piped());
        let mut child = command.spawn().map_err(|error| {
            Failure::new(format!("{} could not be started: {error}.", program.display()), "Delete it and try again.")
        })?;
        forward_end_signals(child.id());
        match await_ready(&mut child) {
            Some(url) => Ok(Self { child, url, _nodes: nodes }),
            None => {
                end(&mut child);
                Err(Failure::new(
                    "The relay did not come up.",
                    "Its reason stands above. If it speaks of its data, move .carnet/data away and try again.",
                ))
            }
        }
    }

    /// Where the app is, such as `http://127.0.0.1:8787`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Stays until the relay ends, by Ctrl-C or by itself.
    pub fn wait(&mut self) -> Result<()> {
        match self.child.wait() {
            Ok(status) if status.success() => {
                println!("Stopped.");
                Ok(())
            }
            Ok(status) => Err(Failure::new(format!("The relay ended: {status}."), "Its reason stands above.")),
            Err(error) => Err(Failure::new(format!("The relay was lost: {error}."), "Start it again.")),
        }
    }

    /// Whether it still runs.
    pub fn is_running(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        end(&mut self.child);
        RUNNING.store(0, Ordering::SeqCst);
    }
}

/// Reads the relay's output up to the ready line, and shows all of it, then and later.
pub(super) fn await_ready(child: &mut Child) -> Option<String> {
    let out = child.stdout.take()?;
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(out).lines().map_while(std::result::Result::ok) {
            match ready_url(&line) {
                // Nobody listens any more when the start took too long.
                Some(url) => drop(sender.send(url.to_owned())),
                None => println!("{line}"),
            }
        }
    });
    // No answer within the limit, or an end before it.
    receiver.recv_timeout(START_LIMIT).ok()
}

fn ready_url(line: &str) -> Option<&str> {
    let url = line.split_once(READY)?.1.trim();
    url.starts_with("http").then_some(url.trim_end_matches('/'))
}

/// Asks the relay to end, and insists after a while.
pub(super) fn end(child: &mut Child) {
    if matches!(child.try_wait(), Ok(Some(_))) {
        return;
    }
    ask_to_end(child.id());
    let limit = Instant::now() + STOP_LIMIT;
    while Instant::now() < limit {
        if !matches!(child.try_wait(), Ok(None)) {
            return;
        }
        thread::sleep(Duration::from_millis(50));
    }
    // Both only fail when it has ended in between.
    let _ = child.kill();
    let _ = child.wait();
}

fn ask_to_end(id: u32) {
    // The standard library can only kill outright; the shell's tool sends the polite signal.
    let _ = process::capture(Command::new("kill").args(["-TERM", &id.to_string()]));
}

/// The relay that runs now, for the handler of end signals; 0 for none.
static RUNNING: AtomicU32 = AtomicU32::new(0);

/// Ctrl-C reaches the relay by itself, as it shares the terminal; this tool must only outlive it. An end signal sent to
/// this tool alone is passed on. Between two relays it ends the tool.
fn forward_end_signals(id: u32) {
    static HANDLER: Once = Once::new();
    RUNNING.store(id, Ordering::SeqCst);
    HANDLER.call_once(|| {
        let handler = || match RUNNING.load(Ordering::SeqCst) {
            0 => std::process::exit(130),
            id => ask_to_end(id),
        };
        if let Err(error) = ctrlc::set_handler(handler) {
            process::say(format!("careful: Ctrl-C may leave the relay running ({error})"));
        }
    });
}

/// `wanted` when it is free, else a port that the system chooses.
pub fn free_port(wanted: u16) -> Result<u16> {
    [wanted, 0]
        .into_iter()
        .find_map(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, port)).ok()?.local_addr().ok())
        .map(|address| address.port())
        .ok_or_else(|| Failure::new("No port of this machine can be opened.", "Check its network settings."))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_ready_line_names_the_address() {
        assert_eq!(ready_url("listening on http://127.0.0.1:8787/"), Some("http://127.0.0.1:8787"));
        assert_eq!(ready_url("INFO relay: listening on http://[::1]:1"), Some("http://[::1]:1"));
        assert_eq!(ready_url("metrics listening on 127.0.0.1:9"), None);
    }

    #[test]
    fn a_taken_port_is_replaced() {
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let wanted = taken.local_addr().unwrap().port();
        assert_ne!(free_port(wanted).unwrap(), wanted);
    }
}

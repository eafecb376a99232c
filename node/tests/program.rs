//! The program as a member runs it, spoken to over HTTP.

#![allow(clippy::unwrap_used, missing_docs)]

use carnet_proofs::vkey::{NoteKeyKind, NoteVerifier};
use carnet_protocol::{api::node, encoding::encode, proof::CosignRequest};
use carnet_transparency::demo;
use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Stdio},
};

fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_carnet-node"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("CARNET_")) {
        command.env_remove(name);
    }
    command
}

/// A node that runs; killed when dropped.
struct Node(Child, String);

impl Node {
    fn start(folder: &Path) -> Self {
        let mut command = program();
        command.args(["--demo", "2", "--listen", "127.0.0.1:0", "--books"]).arg(folder.join("books"));
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("listening on http://").unwrap().to_owned();
        Self(child, address)
    }

    /// Status and body.
    fn ask(&self, method: &str, path: &str, body: &[u8]) -> (u16, String) {
        let mut stream = TcpStream::connect(&self.1).unwrap();
        let length = body.len();
        let head =
            format!("{method} {path} HTTP/1.1\r\nhost: node\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n");
        stream.write_all(&[head.as_bytes(), body].concat()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

#[test]
fn it_says_who_it_is_and_refuses_what_is_not_its_logs() {
    let folder = tempfile::tempdir().unwrap();
    let node_running = Node::start(folder.path());
    let name = demo::COSIGNERS[1];
    let key = NoteVerifier::new(name, NoteKeyKind::CosignatureV1, demo::cosigner_key(name).verifying_key()).unwrap();
    assert_eq!(node_running.ask("GET", node::COSIGNER, b""), (200, format!("{key}\n0\n")));
    assert_eq!(node_running.ask("POST", node::COSIGN, b"nonsense").0, 400);
    let note = "example.org/x\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\
                map CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\nledger CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n\
                — example.org/x x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
    let request = |checkpoint: String| {
        encode(&CosignRequest { from: 0, transactions: Vec::new(), checkpoint, consistency: Vec::new() })
    };
    assert_eq!(node_running.ask("POST", node::COSIGN, &request(note.to_owned())).0, 404);
    let forged = note.replace("example.org/x", demo::ORIGIN);
    assert_eq!(node_running.ask("POST", node::COSIGN, &request(forged)).0, 403);
    assert_eq!(node_running.ask("POST", node::COSIGN, &request("no note".to_owned())).0, 400);
    assert_eq!(node_running.ask("GET", "/elsewhere", b"").0, 404);
}

#[test]
fn a_node_that_cannot_serve_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| {
        let output = program().args(arguments).current_dir(folder.path()).output().unwrap();
        (output.status.success(), String::from_utf8([output.stdout, output.stderr].concat()).unwrap())
    };
    let (ran, said) = run(&["--listen", "127.0.0.1:0"]);
    assert!(!ran && said.contains("--log"), "{said}");
    let (ran, key) = run(&["key", "--name", "garage.example/carnet", "--key", "my.key"]);
    assert!(ran, "{key}");
    let parsed = NoteVerifier::parse(key.trim()).unwrap();
    assert_eq!((parsed.name(), parsed.kind()), ("garage.example/carnet", NoteKeyKind::CosignatureV1));
    assert_eq!(run(&["key", "--name", "garage.example/carnet", "--key", "my.key"]).1, key);
    // A cosigner's key is no log's.
    let (ran, said) = run(&["--log", key.trim(), "--name", "x", "--listen", "127.0.0.1:0"]);
    assert!(!ran && said.contains("--log"), "{said}");
    let running = Node::start(folder.path());
    let (ran, said) = run(&["--demo", "1", "--listen", "127.0.0.1:0", "--books", "books"]);
    assert!(!ran && said.contains("in use"), "{said}");
    drop(running);
}

//! What must stand in no file and no log line of the relay.

use crate::{
    car::{Car, TOKEN, grant_path, link_path},
    client::send,
    relay::{By, TestRelay},
};
use carnet_protocol::{
    Blob,
    api::{
        body::{LinkOpen, LinkOpened},
        path,
    },
    id::{LinkId, StreamId},
};
use std::{
    io::Write,
    path::Path,
    sync::{Arc, Mutex},
};
use tracing_subscriber::{filter::LevelFilter, fmt::MakeWriter};

/// All log lines of this process, at every level.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}

fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let entries = std::fs::read_dir(folder).unwrap();
    entries
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.display().to_string(), std::fs::read(path).unwrap()))
        .collect()
}

#[tokio::test]
async fn bearer_tokens_are_stored_nowhere_and_log_lines_name_nobody() {
    let lines = Lines::default();
    tracing_subscriber::fmt().with_max_level(LevelFilter::TRACE).with_writer(lines.clone()).init();
    let mut relay = TestRelay::start().await;
    // Identifiers that no other test uses, for the log is everybody's.
    let (link, stream) = (LinkId([0xd1; 16]), StreamId([0xd1; 16]));
    let (view, authorization) = {
        let car = Car::open(&relay, 0xd1).await;
        car.keep(vec![car.upload(1, 10)]).await;
        car.share(0xd1, None).await;
        let body = LinkOpen { token: Blob(TOKEN.to_vec()) };
        let opened: LinkOpened = relay.post(&link_path(path::LINK_OPEN, 0xd1), By::Nobody, &body).await.value();
        let records = grant_path(path::GRANT_RECORDS, 0xd1);
        assert_eq!(relay.get(&records, By::View(&opened.view_token)).await.status, 200);
        let sent = relay.prepare("GET", &car.path(path::RECORDS), car.by(), Vec::new());
        send(relay.address(), &sent).await;
        (opened.view_token.0, sent.authorization.unwrap())
    };
    let mangled = "/s%230dddddddddddddddddddddd.SecretSecretSecret";
    relay.get(mangled, By::Nobody).await;
    let key = crate::car::key(0xd1).verifying_key().to_string();
    relay.stop().await;

    let kept = files(&relay.data());
    assert!(kept.len() >= 3);
    for (name, bytes) in &kept {
        assert!(!contains(bytes, &TOKEN), "link token in {name}");
        assert!(!contains(bytes, &view), "view token in {name}");
        assert!(!contains(bytes, b"SecretSecretSecret"), "mangled secret in {name}");
    }
    let log = String::from_utf8_lossy(&lines.0.lock().unwrap()).into_owned();
    assert!(log.contains("/v1/streams/{stream}/records"), "the log is being watched");
    let proof = authorization.split(' ').nth(1).unwrap();
    for canary in [&stream.to_string(), &link.to_string(), &key, proof, "SecretSecretSecret", "127.0.0.1:"] {
        assert!(!log.contains(canary), "{canary} stands in the log");
    }
}

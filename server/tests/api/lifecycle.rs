use crate::{
    car::key,
    relay::{By, TestRelay},
};
use carnet_crypto::{member::MemberKeys, secret::Secret, signature::verify};
use carnet_protocol::{
    api::{
        ProblemCode as Code,
        body::{DemoMembers, RelayInfo},
        path,
    },
    ledger::{Action, MemberDirectory},
    member::MemberClass,
};
use carnet_server::{
    config::Config,
    serve::{StartError, start},
};
use std::{
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Command, Stdio},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_carnet-server"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("CARNET_")) {
        command.env_remove(name);
    }
    command
}

fn run(arguments: &[&str], data: &Path) -> (bool, String) {
    let output = program().args(arguments).arg("--data-dir").arg(data).output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(text).unwrap())
}

#[tokio::test]
async fn the_demo_consortium_stays_the_same_and_can_play_every_role() {
    let mut relay = TestRelay::start().await;
    let before: DemoMembers = relay.get(path::DEMO_MEMBERS, By::Nobody).await.value();
    let classes: Vec<_> = before.members.iter().map(|demo| demo.member.class).collect();
    assert_eq!(classes, MemberClass::ALL);
    let directory: MemberDirectory = relay.get(path::MEMBERS, By::Nobody).await.value();
    for demo in &before.members {
        let keys = MemberKeys::from_seed(&Secret::from_slice(&demo.seed).unwrap());
        assert_eq!(keys.sign.verifying_key(), demo.member.sign);
        assert_eq!(keys.seal.public(), demo.member.seal);
        let admitted = directory.admissions.iter().map(|signed| verify(signed).unwrap().action);
        assert!(admitted.into_iter().any(|action| action == Action::AdmitMember(demo.member.clone())));
    }
    let info: RelayInfo = relay.get(path::INFO, By::Nobody).await.value();
    assert!(info.demo);
    relay.restart().await;
    assert_eq!(relay.get(path::DEMO_MEMBERS, By::Nobody).await.value::<DemoMembers>(), before);
    assert_eq!(relay.get(path::INFO, By::Nobody).await.value::<RelayInfo>().ledger, info.ledger);
    relay.stop().await;

    // The same folder without --demo: the ledger is there, the keys are not served.
    let config = Config { demo: false, metrics_listen: None, ..relay.config.clone() };
    let plain = start(config).await.unwrap();
    let sent = crate::client::Sent {
        method: "GET",
        path: path::DEMO_MEMBERS.to_owned(),
        host: plain.address.to_string(),
        authorization: None,
        body: Vec::new(),
    };
    assert_eq!(crate::client::send(plain.address, &sent).await.code(), Code::NotFound);
    plain.shutdown().await;
}

#[tokio::test]
async fn a_relay_that_cannot_serve_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let config = |change: fn(&mut Config)| {
        let mut config = Config {
            listen: "127.0.0.1:0".parse().unwrap(),
            metrics_listen: None,
            data_dir: folder.path().join("data"),
            ..Config::default()
        };
        change(&mut config);
        config
    };
    assert!(matches!(start(config(|_| {})).await, Err(StartError::NoLedger)));
    let public = start(config(|config| config.listen = "0.0.0.0:0".parse().unwrap())).await;
    assert!(matches!(public, Err(StartError::NoAuthority(_))));
    let no_app = start(config(|config| config.app_dir = Some("/nowhere".into()))).await;
    assert!(matches!(no_app, Err(StartError::NoApp(_))));
    let running = start(config(|config| config.demo = true)).await.unwrap();
    let mut taken = config(|_| {});
    taken.listen = running.address;
    assert!(matches!(start(taken).await, Err(StartError::Listen { .. })));
    let in_use = start(config(|config| config.demo = true)).await;
    assert!(matches!(in_use, Err(StartError::Ledger(_))));
    running.shutdown().await;
}

#[tokio::test]
async fn health_and_metrics_have_a_listener_of_their_own() {
    let relay = TestRelay::start().await;
    relay.get(path::INFO, By::Nobody).await;
    let ask = async |path: &str| {
        let sent = relay.prepare("GET", path, By::Nobody, Vec::new());
        crate::client::send(relay.metrics_address(), &sent).await
    };
    assert_eq!(ask("/healthz").await.body, b"well\n");
    let metrics = ask("/metrics").await;
    let text = String::from_utf8(metrics.body).unwrap();
    assert!(text.contains("carnet_requests_total{method=\"GET\",route=\"/v1/info\",status=\"200\"} 1"), "{text}");
    assert_eq!(ask(path::INFO).await.status, 404);
    assert!(relay.get("/healthz", By::Nobody).await.body.starts_with(b"This is a Carnet relay"));
}

#[tokio::test]
async fn a_request_that_runs_when_the_relay_ends_is_still_answered() {
    let mut relay = TestRelay::start().await;
    let address = relay.address();
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = "POST /v1/ledger/transactions HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/cbor\r\n\
                content-length: 4\r\nexpect: 100-continue\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    // The relay asks for the body once the request runs.
    let mut asked = [0; 25];
    stream.read_exact(&mut asked).await.unwrap();
    assert_eq!(&asked, b"HTTP/1.1 100 Continue\r\n\r\n");
    let ending = tokio::spawn(async move { relay.stop().await });
    // The listener is gone first.
    while TcpStream::connect(address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    stream.write_all(b"nope").await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    assert!(answer.starts_with(b"HTTP/1.1 400"));
    ending.await.unwrap();
}

#[test]
fn an_operator_makes_a_ledger_admits_a_member_and_serves() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let key_file = folder.path().join("authority.key");
    let key_file = key_file.to_str().unwrap();
    let member = MemberKeys::from_seed(&Secret::from_slice(&[5; 32]).unwrap());
    let (sign, seal) = (member.sign.verifying_key().to_string(), member.seal.public().to_string());
    let admit = ["admit", "--name", "Garage", "--class", "garage", "--sign-key", &sign, "--seal-key", &seal];
    let admit: Vec<&str> = admit.into_iter().chain(["--authority-key", key_file]).collect();

    let (ok, said) = run(&admit, &data);
    assert!(!ok && said.contains("key file"), "{said}");
    let (ok, said) = run(&["init", "--name", "Consortium", "--authority-key", key_file], &data);
    assert!(ok && said.contains("The ledger stands"), "{said}");
    let (ok, said) = run(&["init", "--name", "Consortium", "--authority-key", key_file], &data);
    assert!(ok, "again is harmless: {said}");
    let other = folder.path().join("other.key");
    let (ok, said) = run(&["init", "--name", "Other", "--authority-key", other.to_str().unwrap()], &data);
    assert!(!ok && said.contains("another authority"), "{said}");
    let (ok, said) = run(&admit, &data);
    assert!(ok && said.contains("Garage is a member."), "{said}");
    let (ok, said) = run(&["--demo", "--listen", "127.0.0.1:0", "--metrics-listen", "off"], &data);
    assert!(!ok && said.contains("real consortium"), "{said}");

    let mut relay = program()
        .args(["--listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0", "--data-dir"])
        .arg(&data)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(relay.stdout.take().unwrap()).lines();
    let ready = lines.next().unwrap().unwrap();
    assert!(ready.starts_with("listening on http://127.0.0.1:"), "{ready}");
    assert!(lines.next().unwrap().unwrap().starts_with("metrics on http://127.0.0.1:"));
    assert!(Command::new("kill").args(["-TERM", &relay.id().to_string()]).status().unwrap().success());
    assert!(relay.wait().unwrap().success(), "an orderly end");
    assert!(!data.join("relay.sqlite-wal").exists(), "everything was folded into the database");
    assert!(key(1).verifying_key() != member.sign.verifying_key());
}

#[test]
fn an_operator_names_the_key_for_vins_once() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let file = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (authority, vin, other) = (file("authority.key"), file("vin.key"), file("other.key"));
    let publish = |key: &str| run(&["publish-vin-key", "--vin-key", key, "--authority-key", &authority], &data);
    let serve = |key: &str| run(&["--listen", "127.0.0.1:0", "--metrics-listen", "off", "--vin-key", key], &data);
    let (ok, said) = run(&["init", "--name", "Consortium", "--authority-key", &authority], &data);
    assert!(ok, "{said}");
    let (ok, said) = serve(&vin);
    assert!(!ok && said.contains("vin.key"), "a key file is not made by the way: {said}");
    std::fs::copy(&authority, &vin).unwrap();
    let (ok, said) = serve(&vin);
    assert!(!ok && said.contains("publish-vin-key"), "{said}");
    for _ in 0..2 {
        let (ok, said) = publish(&vin);
        assert!(ok && said.contains("The key for VINs stands"), "{said}");
    }
    let (ok, said) = publish(&other);
    assert!(!ok && said.contains("named already"), "{said}");
    let (ok, said) = serve(&other);
    assert!(!ok && said.contains("not the one that the ledger names"), "{said}");
}

#[tokio::test]
async fn a_demo_made_with_fewer_members_is_completed() {
    let mut relay = TestRelay::start().await;
    let before: DemoMembers = relay.get(path::DEMO_MEMBERS, By::Nobody).await.value();
    relay.stop().await;
    // As an earlier version left it: the same seeds, less the last.
    let file = relay.data().join("demo-seeds.cbor");
    let seeds: DemoSeeds = carnet_protocol::encoding::decode(&std::fs::read(&file).unwrap()).unwrap();
    let kept = seeds.members[..4].to_vec();
    let fewer = DemoSeeds { authority: seeds.authority, members: kept };
    std::fs::write(&file, carnet_protocol::encoding::encode(&fewer)).unwrap();
    let running = start(relay.config.clone()).await.unwrap();
    running.shutdown().await;
    let seeds: DemoSeeds = carnet_protocol::encoding::decode(&std::fs::read(&file).unwrap()).unwrap();
    assert_eq!((seeds.members.len(), &seeds.members[..4]), (5, &fewer.members[..]));
    assert_eq!(before.members[3].seed, seeds.members[3]);
}

/// The file of a demo's seeds.
#[derive(serde::Serialize, serde::Deserialize)]
struct DemoSeeds {
    authority: carnet_protocol::Blob,
    members: Vec<carnet_protocol::Blob>,
}

#[test]
fn a_wrong_flag_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let (ok, said) = run(&["--lisen", "127.0.0.1:0"], folder.path());
    assert!(!ok && said.contains("--lisen"), "{said}");
}

//! Notes, keys and policies against the published examples, their must-fail cases among them.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs, dead_code)]

#[path = "support/consortium.rs"]
mod consortium;

use carnet_crypto::note;
use carnet_proofs::{
    Checkpoint,
    note::{Note, NoteError},
    policy::{Policy, PolicyError},
    vkey::{NoteKeyKind, NoteVerifier, VkeyError},
};
use carnet_protocol::key::Signature;

// The examples of golang.org/x/mod/sumdb/note, the first implementation.
const TEXT: &str =
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const PETER: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const PETER_LINE: &str =
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
const ENOCH: &str = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop";
const ENOCH_LINE: &str =
    "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n";

#[test]
fn published_notes_verify() {
    let text = format!("{TEXT}\n{PETER_LINE}{ENOCH_LINE}");
    let note = Note::parse(&text).unwrap();
    assert_eq!((note.text(), note.to_string()), (TEXT, text));
    for (at, vkey) in [PETER, ENOCH].into_iter().enumerate() {
        let verifier = NoteVerifier::parse(vkey).unwrap();
        assert_eq!(verifier.to_string(), vkey);
        assert_eq!(verifier.kind(), NoteKeyKind::Ed25519);
        let line = &note.signatures()[at];
        assert_eq!((line.name.as_str(), line.id), (verifier.name(), verifier.id()));
        let signature = Signature::try_from(line.bytes.as_slice()).unwrap();
        assert_eq!(note::verify(TEXT.as_bytes(), verifier.key(), &signature), Ok(()));
        assert!(note::verify(b"another text\n", verifier.key(), &signature).is_err());
    }
}

#[test]
fn what_the_first_implementation_refuses_is_refused() {
    let unended = PETER_LINE.trim_end();
    let bad = [
        TEXT.to_owned(),
        format!("{TEXT}\n"),
        format!("{TEXT}\n{unended}"),
        format!("\u{1}{TEXT}\n{PETER_LINE}"),
        format!("{TEXT}\n{}", PETER_LINE.replace("PeterNeumann", "Bad Name")),
        format!("{TEXT}\n{PETER_LINE}Unexpected line.\n"),
        format!("{TEXT}\n{}", PETER_LINE.repeat(65)),
        format!("{TEXT}\r\n{PETER_LINE}"),
        format!("{TEXT}\n{}", PETER_LINE.replace("PeterNeumann", "Peter+Neumann")),
        format!("{TEXT}\n{}", PETER_LINE.replace("PeterNeumann", "Peter\u{a0}Neumann")),
        format!("{TEXT}\n{}", PETER_LINE.replace('—', "-")),
        // Not the one base64 form: no padding, a bit too many, another alphabet.
        format!("{TEXT}\n{}", PETER_LINE.replace("M=", "M")),
        format!("{TEXT}\n{}", PETER_LINE.replace("M=", "N=")),
        format!("{TEXT}\n{}", PETER_LINE.replace('/', "_")),
        // An identifier and nothing after it.
        format!("{TEXT}\n— PeterNeumann x08gow==\n"),
        format!("{}\n{PETER_LINE}", "a line\n".repeat(3_000)),
        String::new(),
    ];
    for note in bad {
        assert!(Note::parse(&note).is_err(), "{note}");
    }
    assert_eq!(Note::parse(&"x".repeat(20_000)), Err(NoteError::TooLarge));
}

#[test]
fn a_text_may_have_empty_lines() {
    let note = Note::parse(&format!("one\n\ntwo\n\n{PETER_LINE}")).unwrap();
    assert_eq!((note.text(), note.signatures().len()), ("one\n\ntwo\n", 1));
}

#[test]
fn keys_that_were_changed_are_refused() {
    use VkeyError::{Kind, Malformed, Weak, WrongId};
    let cases = [
        ("PeterNeumann", Malformed),
        ("PeterNeumann+c74f20a3", Malformed),
        ("PeterNeumann+c74f20a3+ARpc", Malformed),
        ("PeterNeumann+c74f20a3+not base64", Malformed),
        ("+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", Malformed),
        ("Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", Malformed),
        ("PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", WrongId),
        ("PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", WrongId),
        ("CarmenSandiego+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", WrongId),
        ("PeterNeumann+c74f20a3+AhpcMQcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", Kind),
        ("a+00000000+AQEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", Weak),
    ];
    for (text, error) in cases {
        assert_eq!(NoteVerifier::parse(text), Err(error), "{text}");
    }
}

#[test]
fn a_checkpoint_has_one_text() {
    let books = consortium::Consortium::new(12);
    let checkpoint = books.checkpoint();
    let text = checkpoint.text();
    assert_eq!(Checkpoint::parse(&text), Ok(checkpoint));
    let bad = [
        text.replacen("12\n", "012\n", 1),
        text.replacen("12\n", "+12\n", 1),
        text.replacen("12\n", "-1\n", 1),
        text.replacen("12\n", "281474976710657\n", 1),
        text.replacen("12\n", "18446744073709551616\n", 1),
        format!("\n{text}"),
        format!("{text}more\n"),
        format!("{text}\n"),
        text.trim_end().to_owned(),
        text.replacen("map ", "map  ", 1),
        text.replacen("ledger ", "", 1),
        text.replacen("=\n", "\n", 1),
        String::new(),
    ];
    for text in bad {
        assert!(Checkpoint::parse(&text).is_err(), "{text}");
    }
}

/// The example of the standard, with keys, and what may not stand in a policy.
#[test]
fn policies() {
    let key = |n: u8| consortium::vkey(n).to_string();
    let log = PETER;
    let nested = format!(
        "# who must have signed\nlog {log}\n\nwitness X1 {}\n\twitness X2 {} https://x2.example/\nwitness X3 {}\n\
         group X-witnesses 2 X1 X2 X3\nwitness Y1 {}\nwitness Y2 {}\ngroup Y-witnesses any Y1 Y2\n\
         group X-and-Y all X-witnesses Y-witnesses\nquorum X-and-Y\n",
        key(1),
        key(2),
        key(3),
        key(4),
        key(5)
    );
    let policy = Policy::parse(&nested).unwrap();
    assert_eq!((policy.needed(), policy.cosigners().len(), policy.logs().len()), (3, 5, 1));
    assert_eq!(policy.text(), nested);

    let (one, two) = (key(1), key(2));
    let base = format!("log {log}\nwitness A {one}\nwitness B {two}\n");
    let check = |lines: &str| Policy::parse(&format!("{base}{lines}")).map(|policy| policy.needed());
    assert_eq!(check("quorum A"), Ok(1));
    assert_eq!(check("group G all A B\nquorum G"), Ok(2));
    let refused: &[(&str, PolicyError)] = &[
        ("", PolicyError::NoQuorum),
        ("quorum none", PolicyError::NoQuorum),
        ("quorum C", PolicyError::UnknownName { line: 4 }),
        ("quorum A\nquorum B", PolicyError::Line { line: 5 }),
        ("group G 0 A B\nquorum G", PolicyError::Threshold { line: 4 }),
        ("group G 3 A B\nquorum G", PolicyError::Threshold { line: 4 }),
        ("group G +1 A B\nquorum G", PolicyError::Threshold { line: 4 }),
        ("group G all\nquorum G", PolicyError::Threshold { line: 4 }),
        ("group G 2 A A\nquorum G", PolicyError::Twice { line: 4 }),
        ("group G 1 A\ngroup H 1 A\nquorum H", PolicyError::Twice { line: 5 }),
        ("group A 1 B\nquorum A", PolicyError::Twice { line: 4 }),
        ("group none 1 A\nquorum A", PolicyError::Twice { line: 4 }),
        ("group G 2 A G\nquorum G", PolicyError::UnknownName { line: 4 }),
        ("trust everybody", PolicyError::Line { line: 4 }),
        ("quorum A\r", PolicyError::Line { line: 4 }),
    ];
    for (lines, error) in refused {
        assert_eq!(check(lines), Err(*error), "{lines}");
    }
    // The same signer under two names, a log's key as a cosigner's, a cosigner's as a log's, no log.
    let renamed = NoteVerifier::new("other", NoteKeyKind::CosignatureV1, *consortium::vkey(1).key()).unwrap();
    assert_eq!(check(&format!("witness C {renamed}\nquorum C")), Err(PolicyError::Twice { line: 4 }));
    assert_eq!(
        check(&format!("witness C {ENOCH}\nquorum C")),
        Err(PolicyError::Key { line: 4, error: VkeyError::Kind })
    );
    assert_eq!(check(&format!("log {}\nquorum A", key(3))), Err(PolicyError::Key { line: 4, error: VkeyError::Kind }));
    assert_eq!(Policy::parse(&format!("witness A {one}\nquorum A")), Err(PolicyError::NoLog));
}

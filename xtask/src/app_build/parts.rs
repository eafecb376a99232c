//! Cuts the app's module into parts: what a first visit needs, and the rest, fetched when it is needed.
//!
//! Trunk compiles the app with its feature `parts` and lays out the page. What it makes of the module is replaced here:
//! the module is cut where `wasm_split` says so, the main part goes through wasm-bindgen, and all of them through
//! wasm-opt. The files have names that carry one hash over all of them, since they only fit each other.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::thread;

use crate::failure::{Failure, Result};
use crate::process;
use crate::setup::{AppTools, WASM_TARGET};
use crate::workspace::{self, Workspace};

/// The linker keeps what tells functions and data apart.
pub const FLAGS: &str = "-Clink-args=--emit-relocs";

/// The parts that a reader of a share link takes: the page's and the worker's.
pub const BY_LINK: [&str; 2] = ["passport", "reading"];

/// The module's name.
const APP: &str = "carnet-app";
/// The script that fetches parts, as the cutter calls it.
const LOADER: &str = "__wasm_split.js";
/// The same as it is sent; a hash follows.
const LOADED_FROM: &str = "parts-";

/// What the compiler was told to use; parts lose the note of it when they are cut.
const FEATURES: [&str; 7] = [
    "--enable-bulk-memory",
    "--enable-simd",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-multivalue",
];

/// Replaces the module in `dist` by its parts.
pub fn cut(workspace: &Workspace, tools: &AppTools, dist: &Path) -> Result<()> {
    let folder = workspace.target.join("parts");
    let _ = fs::remove_dir_all(&folder);
    let (cut, bound, small) = (folder.join("cut"), folder.join("bound"), folder.join("small"));
    fs::create_dir_all(&small).map_err(|error| Failure::file(&small, &error))?;

    let module = workspace.wasm_target().join(WASM_TARGET).join("wasm-release").join(format!("{APP}.wasm"));
    process::say("cutting the app into parts");
    let mut split = Command::new(&tools.split);
    process::run(split.arg(&module).arg(&cut).args(["--out-name", APP]), "Cutting the app into parts")?;
    let mut bindgen = Command::new(&tools.bindgen);
    // The parts share the main part's table of functions.
    bindgen
        .args(["--target", "web", "--no-typescript", "--keep-lld-exports", "--out-name", APP, "--out-dir"])
        .arg(&bound);
    process::run(bindgen.arg(cut.join(format!("{APP}.wasm"))), "Binding the main part")?;

    let mut parts = vec![bound.join(format!("{APP}_bg.wasm"))];
    for path in workspace::files_below(&cut)? {
        let name = file_name(&path);
        if name.ends_with(".wasm") && name != format!("{APP}.wasm") {
            parts.push(path);
        }
    }
    process::say(format!("optimising {} parts", parts.len()));
    optimise(&tools.wasm_opt(), &parts, &small)?;
    let script = workspace::read(&bound.join(format!("{APP}.js")))?;
    let loader = workspace::read(&cut.join(LOADER))?;
    install(&small, &script, &loader, dist)
}

/// Runs wasm-opt over all parts, two at a time.
fn optimise(wasm_opt: &Path, parts: &[PathBuf], out: &Path) -> Result<()> {
    // The largest is first, so that nothing waits for it at the end.
    let mut sorted: Vec<_> = parts.iter().map(|path| (fs::metadata(path).map_or(0, |file| file.len()), path)).collect();
    sorted.sort();
    let waiting = Mutex::new(sorted);
    let work = || {
        while let Some((_, part)) = waiting.lock().ok().and_then(|mut waiting| waiting.pop()) {
            let mut optimiser = Command::new(wasm_opt);
            optimiser.args(["-Oz", "--strip-debug", "--strip-producers"]).args(FEATURES);
            optimiser.arg(part).arg("-o").arg(out.join(file_name(part)));
            // It warns of every name that the cutter left behind; names are stripped.
            if process::capture(&mut optimiser).is_none() {
                return Err(Failure::new(
                    format!("wasm-opt failed over {}.", part.display()),
                    "Run it by hand to see why.",
                ));
            }
        }
        Ok(())
    };
    thread::scope(|scope| {
        let other = scope.spawn(work);
        let own = work();
        other.join().unwrap_or_else(|_| Err(Failure::new("Optimising a part stopped.", "Try again."))).and(own)
    })
}

/// Puts parts and scripts into `dist`, under names that carry a hash, and names them in the page.
fn install(parts: &Path, script: &str, loader: &str, dist: &Path) -> Result<()> {
    let mut names = Vec::new();
    let mut hashed = format!("{script}\n{loader}\n");
    for path in workspace::files_below(parts)? {
        let bytes = fs::read(&path).map_err(|error| Failure::file(&path, &error))?;
        hashed.push_str(&workspace::sha256_hex(&bytes));
        names.push(file_name(&path));
    }
    let hash = workspace::sha256_hex(hashed.as_bytes())[..16].to_owned();
    // The module knows the loader by its first name, so only the import is renamed.
    let (old, new) = (format!("from \"./{LOADER}\""), format!("from \"./{LOADED_FROM}{hash}.js\""));
    workspace::write(&dist.join(format!("{APP}-{hash}.js")), script.replace(&old, &new))?;
    let mut loader = loader.replace(&format!("\"./{APP}.js\""), &format!("\"./{APP}-{hash}.js\""));
    for name in &names {
        let sent = sent_as(name, &hash);
        loader = loader.replace(&format!("\"./{name}\""), &format!("\"./{sent}\""));
        let (from, to) = (parts.join(name), dist.join(sent));
        fs::copy(&from, &to).map_err(|error| Failure::file(&to, &error))?;
    }
    let takes = takes_of(&loader)?;
    workspace::write(&dist.join(format!("{LOADED_FROM}{hash}.js")), loader)?;
    replace_in_page(dist, &hash, &by_link(&takes))
}

/// The name of a part as it is sent.
fn sent_as(name: &str, hash: &str) -> String {
    match name.strip_suffix("_bg.wasm") {
        Some(app) => format!("{app}-{hash}_bg.wasm"),
        None => format!("{}-{hash}.wasm", name.trim_end_matches(".wasm")),
    }
}

/// The files that reading by a share link takes beside the main part, each once.
pub fn by_link(takes: &BTreeMap<String, Vec<String>>) -> BTreeSet<String> {
    BY_LINK.iter().filter_map(|part| takes.get(*part)).flatten().cloned().collect()
}

/// The files that each part takes beside the main part, by its name, in a finished app.
pub fn takes(dist: &Path) -> Result<BTreeMap<String, Vec<String>>> {
    let loader = workspace::files_below(dist)?.into_iter().find(|path| {
        let name = file_name(path);
        name.starts_with(LOADED_FROM) && name.ends_with(".js")
    });
    match loader {
        Some(loader) => takes_of(&workspace::read(&loader)?),
        None => Ok(BTreeMap::new()),
    }
}

/// The same from the script that fetches parts: a definition for each file, and which others go with it.
fn takes_of(loader: &str) -> Result<BTreeMap<String, Vec<String>>> {
    let (mut files, mut takes) = (BTreeMap::new(), BTreeMap::new());
    let mut complete = true;
    let definitions = loader.replace("\nexport const ", "\nconst ");
    for definition in definitions.split("\nconst ").skip(1).filter(|definition| definition.contains("makeLoad(() =>")) {
        let name = definition.split(' ').next().unwrap_or_default();
        let file = definition.split("new URL(\"./").nth(1).and_then(|rest| rest.split('"').next());
        let Some((_, needs)) = definition.rsplit_once(", [") else { continue };
        let needs = needs.split(']').next().unwrap_or_default().split(", ").filter(|need| !need.is_empty());
        match name.strip_prefix("__wasm_split_load_") {
            Some(part) => {
                let mut all: Vec<String> = file.into_iter().map(str::to_owned).collect();
                for need in needs {
                    match files.get(need) {
                        Some(file) => all.push(String::clone(file)),
                        None => complete = false,
                    }
                }
                takes.insert(part.to_owned(), all);
            }
            None => complete &= files.insert(name, file.unwrap_or_default().to_owned()).is_none(),
        }
    }
    if complete && !takes.is_empty() {
        return Ok(takes);
    }
    Err(Failure::new(
        format!("The script {LOADER} was not understood."),
        "It is of another version of wasm_split_cli_support than this tool knows.",
    ))
}

/// Names the main part in the page instead of Trunk's module, and `early`, which a script asks for when it is needed; the
/// module goes.
fn replace_in_page(dist: &Path, hash: &str, early: &BTreeSet<String>) -> Result<()> {
    let unclear =
        || Failure::new("dist/index.html does not name its module.", "Check the version of Trunk in Trunk.toml.");
    let path = dist.join("index.html");
    let page = workspace::read(&path)?;
    let start = format!("/{APP}-");
    let old = page.split(&start).nth(1).and_then(|rest| rest.get(..16)).ok_or_else(unclear)?;
    if old != hash {
        for end in [".js", "_bg.wasm"] {
            let file = dist.join(format!("{APP}-{old}{end}"));
            fs::remove_file(&file).map_err(|error| Failure::file(&file, &error))?;
        }
    }
    let page = without_integrity(&page, &start).replace(&format!("{start}{old}"), &format!("{start}{hash}"));
    // Before every script, as the texts are.
    let at = page.find("<script").ok_or_else(unclear)?;
    let names: Vec<String> = early.iter().map(|name| format!("/{name}")).collect();
    let meta = format!("<meta name=\"parts-by-link\" content=\"{}\">", names.join(" "));
    workspace::write(&path, format!("{}{meta}{}", &page[..at], &page[at..]))
}

/// The page without the hashes that Trunk gave for the files whose address begins with `start`: they are replaced by
/// others, and nobody can change one of them without being able to change the page.
fn without_integrity(page: &str, start: &str) -> String {
    let mut out = String::with_capacity(page.len());
    for tag in page.split_inclusive('>') {
        match tag.find(" integrity=") {
            Some(at) if tag.contains(&format!("href={start}")) || tag.contains(&format!("href=\"{start}")) => {
                let after = &tag[at + 1..];
                let end = after.find([' ', '>']).unwrap_or(after.len());
                out.push_str(&tag[..at]);
                out.push_str(&after[end..]);
            }
            _ => out.push_str(tag),
        }
    }
    out
}

fn file_name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const LOADER_TEXT: &str = r#"import { initSync } from "./carnet-app.js";
function makeLoad(fetcher, deps) { const loader = 1; }
/* a, b */
const __chunk_2 = makeLoad(() => {
    const src = fetch(new URL("./chunk_2.wasm", import.meta.url));
    return async (imports) => (WebAssembly.instantiateStreaming(src, imports));
}
, []);
export const __wasm_split_load_b = wrapAsyncCb(makeLoad(() => async (_imp) => ({}), [__chunk_2]));
export const __wasm_split_load_a = wrapAsyncCb(makeLoad(() => {
    const src = fetch(new URL("./split_a.wasm", import.meta.url));
    return async (imports) => (WebAssembly.instantiateStreaming(src, imports));
}
, [__chunk_2]));
"#;

    #[test]
    fn parts_are_sent_under_one_hash_and_named_in_the_page() {
        let folder = tempfile::tempdir().unwrap();
        let (parts, dist) = (folder.path().join("parts"), folder.path().join("dist"));
        fs::create_dir_all(&parts).unwrap();
        fs::create_dir_all(&dist).unwrap();
        for name in ["carnet-app_bg.wasm", "chunk_2.wasm", "split_a.wasm"] {
            fs::write(parts.join(name), name).unwrap();
        }
        let old = "0123456789abcdef";
        for end in [".js", "_bg.wasm"] {
            fs::write(dist.join(format!("carnet-app-{old}{end}")), "old").unwrap();
        }
        let page = format!(
            "<link href=/main.css integrity=sha384-x rel=stylesheet><script src=/start.js></script>\
             <link crossorigin href=/carnet-app-{old}.js integrity=sha384-y rel=modulepreload>\
             <link as=fetch href=/carnet-app-{old}_bg.wasm integrity=sha384-z rel=preload>"
        );
        fs::write(dist.join("index.html"), page).unwrap();
        let script =
            "import * as import1 from \"./__wasm_split.js\"\nconst imports = {\"./__wasm_split.js\": import1};";
        install(&parts, script, LOADER_TEXT, &dist).unwrap();

        let page = fs::read_to_string(dist.join("index.html")).unwrap();
        let hash = page.split("/carnet-app-").nth(1).unwrap()[..16].to_owned();
        assert!(page.contains("integrity=sha384-x") && !page.contains("sha384-y") && !page.contains("sha384-z"));
        assert!(page.contains(&format!("href=/carnet-app-{hash}_bg.wasm rel=preload>")) && !page.contains(old));
        assert!(!dist.join(format!("carnet-app-{old}.js")).exists());
        let script = fs::read_to_string(dist.join(format!("carnet-app-{hash}.js"))).unwrap();
        assert!(script.contains(&format!("from \"./parts-{hash}.js\"")) && script.contains("{\"./__wasm_split.js\":"));
        let takes = takes(&dist).unwrap();
        assert_eq!(takes["a"], [format!("split_a-{hash}.wasm"), format!("chunk_2-{hash}.wasm")]);
        assert_eq!(takes["b"], [format!("chunk_2-{hash}.wasm")]);
        assert!(takes.values().flatten().all(|file| dist.join(file).is_file()));
        assert!(page.find("<meta name=\"parts-by-link\"").unwrap() < page.find("<script").unwrap());
    }

    #[test]
    fn a_loader_that_is_written_in_another_way_is_refused() {
        assert!(takes_of("export const load = 1;").is_err());
        assert!(takes_of(&LOADER_TEXT.replace("const __chunk_2", "const __chunk_3")).is_err());
    }
}

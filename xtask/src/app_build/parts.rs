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

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha384};

use crate::failure::{Failure, Result};
use crate::process;
use crate::setup::{AppTools, WASM_TARGET};
use crate::workspace::{self, Workspace};

/// The linker keeps what tells functions and data apart.
pub const FLAGS: &str = "-Clink-args=--emit-relocs";

/// The parts that a reader of a share link takes: the page's and the worker's.
const BY_LINK: [&str; 2] = ["passport", "reading"];

/// The module's name.
const APP: &str = "carnet-app";
/// The script that fetches parts, as the cutter calls it.
const LOADER: &str = "__wasm_split.js";
/// The same as it is sent; a hash follows.
const LOADED_FROM: &str = "parts-";

/// How long a part is waited for, in milliseconds; its files, 0.7 MB at most, come side by side. Then the page says so, and asks
/// again when told to.
const PATIENCE_MS: u32 = 120_000;

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

    let module = workspace.wasm_target().join(WASM_TARGET).join(super::PROFILE).join(format!("{APP}.wasm"));
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
            // Unseen: it warns of every name that the cutter left behind, and names are stripped.
            if process::capture(&mut optimiser).is_none() {
                return Err(Failure::new("wasm-opt failed.", format!("Run it by hand to see why: {optimiser:?}")));
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
///
/// The loader says what each part is (its hash), and for how long one is waited for.
fn install(parts: &Path, script: &str, loader: &str, dist: &Path) -> Result<()> {
    let mut files = BTreeMap::new();
    for path in workspace::files_below(parts)? {
        files.insert(file_name(&path), fs::read(&path).map_err(|error| Failure::file(&path, &error))?);
    }
    let told: BTreeMap<&str, String> = files.iter().map(|(name, bytes)| (name.as_str(), integrity_of(bytes))).collect();
    // Over all that is sent, with nothing in the place of the hash itself.
    let (script_before, loader_before) = named(script, loader, &told, "")?;
    let mut hashed = format!("{script_before}\n{loader_before}\n");
    told.iter().for_each(|(name, told)| hashed.push_str(&format!("{name} {told}\n")));
    let hash = workspace::sha256_hex(hashed.as_bytes())[..16].to_owned();

    let (script, loader) = named(script, loader, &told, &hash)?;
    for (name, bytes) in &files {
        workspace::write(&dist.join(sent_as(name, &hash)), bytes)?;
    }
    let mut integrity: BTreeMap<String, String> =
        told.into_iter().map(|(name, told)| (sent_as(name, &hash), told)).collect();
    let early: Vec<String> = by_link(&takes_of(&loader)?)?.into_iter().map(|name| format!("/{name}")).collect();
    integrity.insert(format!("{APP}-{hash}.js"), integrity_of(script.as_bytes()));
    workspace::write(&dist.join(format!("{APP}-{hash}.js")), script)?;
    workspace::write(&dist.join(format!("{LOADED_FROM}{hash}.js")), loader)?;
    replace_in_page(dist, &hash, &integrity, &early.join(" "))
}

/// The module's script and the loader, with the names under which files are sent.
fn named(script: &str, loader: &str, integrity: &BTreeMap<&str, String>, hash: &str) -> Result<(String, String)> {
    // The module knows the loader by its first name, so only the import is renamed.
    let import = format!("from \"./{LOADER}\"");
    let script = replaced(script, &import, &format!("from \"./{LOADED_FROM}{hash}.js\""))?;
    let mut loader = replaced(loader, &format!("\"./{APP}.js\""), &format!("\"./{APP}-{hash}.js\""))?;
    for (name, told) in integrity.iter().filter(|(name, _)| !name.starts_with(APP)) {
        let fetch = |name: &str, options: &str| format!("fetch(new URL(\"./{name}\", import.meta.url){options})");
        let options = format!(", {{ integrity: \"{told}\", signal: AbortSignal.timeout({PATIENCE_MS}) }}");
        loader = replaced(&loader, &fetch(name, ""), &fetch(&sent_as(name, hash), &options))?;
    }
    Ok((script, loader))
}

/// The text with all of `old` replaced.
///
/// # Errors
/// There is none: a tool writes its scripts in another way than this one knows.
fn replaced(text: &str, old: &str, new: &str) -> Result<String> {
    if text.contains(old) {
        return Ok(text.replace(old, new));
    }
    Err(Failure::new(
        format!("A script of the app does not hold `{old}`."),
        "It is of another version of wasm-bindgen or wasm_split_cli_support than this tool knows.",
    ))
}

/// The hash of a file as browsers check it (Subresource Integrity).
fn integrity_of(bytes: &[u8]) -> String {
    format!("sha384-{}", STANDARD.encode(Sha384::digest(bytes)))
}

/// The name of a part as it is sent.
fn sent_as(name: &str, hash: &str) -> String {
    match name.strip_suffix("_bg.wasm") {
        Some(app) => format!("{app}-{hash}_bg.wasm"),
        None => format!("{}-{hash}.wasm", name.trim_end_matches(".wasm")),
    }
}

/// The files that reading by a share link takes beside the main part, each once.
///
/// # Errors
/// There is no such part.
pub fn by_link(takes: &BTreeMap<String, Vec<String>>) -> Result<BTreeSet<String>> {
    let mut files = BTreeSet::new();
    for part in BY_LINK {
        let missing =
            || Failure::new(format!("The app has no part `{part}`."), "Name the parts of a link's reader anew.");
        files.extend(takes.get(part).ok_or_else(missing)?.iter().cloned());
    }
    Ok(files)
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

/// Names the main part in the page instead of Trunk's module, and what its script asks for `early` at a share link; the
/// module goes.
fn replace_in_page(dist: &Path, hash: &str, integrity: &BTreeMap<String, String>, early: &str) -> Result<()> {
    let unclear =
        || Failure::new("dist/index.html does not name its module.", "Check the version of Trunk in Trunk.toml.");
    let path = dist.join("index.html");
    let page = workspace::read(&path)?;
    let start = format!("/{APP}-");
    // Trunk writes a number: a hash that begins with zeros is shorter.
    let digits = |rest: &str| rest.chars().take_while(char::is_ascii_hexdigit).collect::<String>();
    let old = page.split(&start).nth(1).map(digits).filter(|old| !old.is_empty()).ok_or_else(unclear)?;
    let mut named = String::with_capacity(page.len());
    for tag in page.split_inclusive('>') {
        let new = tag.replace(&format!("{start}{old}"), &format!("{start}{hash}"));
        let sent = new.split("href=").nth(1).map(|rest| rest.trim_start_matches(['"', '/']));
        let sent = sent.and_then(|rest| rest.split([' ', '"', '>']).next()).unwrap_or_default();
        match (integrity.get(sent), new.split_once("integrity=")) {
            (Some(integrity), Some((before, rest))) => {
                let after = rest.find([' ', '>']).map_or("", |end| &rest[end..]);
                named.push_str(&format!("{before}integrity={integrity}{after}"));
            }
            _ => named.push_str(&new),
        }
    }
    if old != hash {
        for end in [".js", "_bg.wasm"] {
            let file = dist.join(format!("{APP}-{old}{end}"));
            fs::remove_file(&file).map_err(|error| Failure::file(&file, &error))?;
        }
    }
    let meta = format!("<meta name=\"parts-by-link\" content=\"{early}\">");
    workspace::write(&path, super::before_scripts(&named, &meta)?)
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
export const __wasm_split_load_reading = wrapAsyncCb(makeLoad(() => async (_imp) => ({}), [__chunk_2]));
export const __wasm_split_load_passport = wrapAsyncCb(makeLoad(() => {
    const src = fetch(new URL("./split_passport.wasm", import.meta.url));
    return async (imports) => (WebAssembly.instantiateStreaming(src, imports));
}
, [__chunk_2]));
"#;

    #[test]
    fn parts_are_sent_under_one_hash_and_named_in_the_page() {
        // The second is how Trunk writes a hash that begins with a zero.
        for old in ["0123456789abcdef", "123456789abcdef"] {
            parts_replace_a_module_named(old);
        }
    }

    fn parts_replace_a_module_named(old: &str) {
        let folder = tempfile::tempdir().unwrap();
        let (parts, dist) = (folder.path().join("parts"), folder.path().join("dist"));
        fs::create_dir_all(&parts).unwrap();
        fs::create_dir_all(&dist).unwrap();
        for name in ["carnet-app_bg.wasm", "chunk_2.wasm", "split_passport.wasm"] {
            fs::write(parts.join(name), name).unwrap();
        }
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
        let of_part = integrity_of(b"split_passport.wasm");
        assert!(page.contains("integrity=sha384-x") && !page.contains("sha384-y") && !page.contains("sha384-z"));
        assert!(page.contains(&format!("_bg.wasm integrity={} rel=preload", integrity_of(b"carnet-app_bg.wasm"))));
        assert!(page.contains(&format!("content=\"/chunk_2-{hash}.wasm /split_passport-{hash}.wasm\"")));
        assert!(
            page.contains(&format!("href=/carnet-app-{hash}.js integrity=sha384-"))
                && !page.contains(&format!("-{old}"))
        );
        let loader = fs::read_to_string(dist.join(format!("parts-{hash}.js"))).unwrap();
        assert!(
            loader.contains(&format!("integrity: \"{of_part}\"")) && loader.contains("AbortSignal.timeout(120000)")
        );
        assert!(!dist.join(format!("carnet-app-{old}.js")).exists());
        let script = fs::read_to_string(dist.join(format!("carnet-app-{hash}.js"))).unwrap();
        assert!(script.contains(&format!("from \"./parts-{hash}.js\"")) && script.contains("{\"./__wasm_split.js\":"));
        let takes = takes(&dist).unwrap();
        assert_eq!(takes["passport"], [format!("split_passport-{hash}.wasm"), format!("chunk_2-{hash}.wasm")]);
        assert_eq!(takes["reading"], [format!("chunk_2-{hash}.wasm")]);
        assert!(takes.values().flatten().all(|file| dist.join(file).is_file()));
        assert!(page.find("<meta name=\"parts-by-link\"").unwrap() < page.find("<script").unwrap());
    }

    #[test]
    fn a_loader_that_is_written_in_another_way_is_refused() {
        assert!(replaced(LOADER_TEXT, "'./carnet-app.js'", "").is_err());
        assert!(by_link(&BTreeMap::new()).is_err());
        assert!(takes_of("export const load = 1;").is_err());
        assert!(takes_of(&LOADER_TEXT.replace("const __chunk_2", "const __chunk_3")).is_err());
    }
}

//! The app: compiled by Trunk, then made ready for a strict content security policy, for offline use and for the wire.
//!
//! `dist/` afterwards holds no inline script, a `precache.json` for the service worker, and beside every text and
//! WebAssembly file its brotli and gzip form.

// The build script uses all of it, this tool the texts.
#[allow(dead_code)]
#[path = "../../app/catalogue.rs"]
mod catalogue;
mod freshness;
mod parts;
mod precache;
mod precompress;
mod smallest;
mod start_script;
mod texts;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use crate::failure::{Failure, Result};
use crate::process::{self, say, spoken};
use crate::setup::AppTools;
use crate::workspace::Workspace;

pub use freshness::inputs;
pub use parts::{by_link, takes};
pub use precompress::brotli_size;

/// How the app is compiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Optimisation {
    /// As it is shipped: small and fast, minutes to compile.
    Release,
    /// The same with the functions that measurements call.
    Measured,
    /// As it is worked on: seconds to compile again.
    Development,
}

/// What Trunk is told for a build that is shipped.
const RELEASE: [&str; 3] = ["--release", "--cargo-profile", PROFILE];
/// Cargo's profile for it, and the folder of what comes of it.
const PROFILE: &str = "wasm-release";

/// Builds the app for shipping, unless nothing changed since; returns the folder with it.
pub fn ready(workspace: &Workspace) -> Result<PathBuf> {
    ready_in(workspace, &workspace.dist(), "app-build.stamp", Optimisation::Release)
}

/// [`ready`] for the app with its feature `bench`, in a folder of its own.
pub fn ready_for_bench(workspace: &Workspace) -> Result<PathBuf> {
    ready_in(workspace, &workspace.target.join("bench/app"), "bench-build.stamp", Optimisation::Measured)
}

fn ready_in(workspace: &Workspace, dist: &Path, stamp: &str, optimisation: Optimisation) -> Result<PathBuf> {
    let tools = AppTools::ready(workspace)?;
    let fingerprint = freshness::fingerprint(workspace, &tools.toolchain.identity(workspace))?;
    let stamp = workspace.state().join(stamp);
    if dist.join("index.html").is_file() && fs::read_to_string(&stamp).is_ok_and(|old| old == fingerprint) {
        say("the app is built already, nothing changed");
        return Ok(dist.to_path_buf());
    }
    // From here on dist/ is of another state of the sources; only the end of the build says otherwise.
    let _ = fs::remove_file(&stamp);
    build(workspace, &tools, optimisation, dist)?;
    crate::workspace::write(&stamp, fingerprint)?;
    Ok(dist.to_path_buf())
}

/// The command `cargo xtask build`.
pub fn run(workspace: &Workspace) -> Result<()> {
    let dist = ready(workspace)?;
    say(format!("the app lies in {}", dist.display()));
    Ok(())
}

/// Builds the app into `dist`.
pub fn build(workspace: &Workspace, tools: &AppTools, optimisation: Optimisation, dist: &Path) -> Result<()> {
    if !workspace.root.join("app/index.html").is_file() {
        return Err(Failure::new("There is no app/index.html to build.", "Check out the whole project and try again."));
    }
    let start = Instant::now();
    // Whoever is served the app meanwhile, or after something failed, has the one before.
    let next = beside(dist, ".next");
    let _ = fs::remove_dir_all(&next);
    let mut trunk = trunk(workspace, tools, &next);
    match optimisation {
        Optimisation::Release | Optimisation::Measured => {
            say("compiling the app for the browser (some minutes the first time)");
            trunk.args(RELEASE);
            smallest::apply(workspace, tools.toolchain, parts::FLAGS, &mut trunk);
            let features = if optimisation == Optimisation::Measured { "parts,bench" } else { "parts" };
            trunk.args(["--features", features]);
        }
        Optimisation::Development => {
            say("compiling the app for the browser, unoptimised");
            trunk.args(["--cargo-profile", "wasm-dev"]);
        }
    }
    process::run(&mut trunk, "Building the app with Trunk")?;
    if optimisation != Optimisation::Development {
        parts::cut(workspace, tools, &next)?;
    }
    texts::write(&workspace.root.join("app/locales"), &next)?;
    finish(&next, optimisation)?;
    exchange(&next, dist)?;
    say(format!("the app was built in {}", spoken(start.elapsed())));
    Ok(())
}

/// The page with elements added to its head before every script, the first of which asks for what they name. The minifier
/// leaves no other landmark.
fn before_scripts(page: &str, elements: &str) -> Result<String> {
    match page.find("<script") {
        Some(at) => Ok(format!("{}{elements}{}", &page[..at], &page[at..])),
        None => Err(Failure::new("dist/index.html has no script.", "Give app/index.html one.")),
    }
}

/// Puts the folder `next` in the place of `dist`.
fn exchange(next: &Path, dist: &Path) -> Result<()> {
    let old = beside(dist, ".old");
    let _ = fs::remove_dir_all(&old);
    if dist.exists() {
        fs::rename(dist, &old).map_err(|error| Failure::file(dist, &error))?;
    }
    fs::rename(next, dist).map_err(|error| Failure::file(dist, &error))?;
    // What is left of it is only untidy.
    let _ = fs::remove_dir_all(&old);
    Ok(())
}

/// A folder beside another one, named after it.
fn beside(folder: &Path, end: &str) -> PathBuf {
    let mut name = folder.as_os_str().to_owned();
    name.push(end);
    name.into()
}

/// Builds another page the way the app is built for shipping; it has no service worker.
pub fn build_page(workspace: &Workspace, page: &Path, dist: &Path) -> Result<()> {
    let tools = AppTools::ready(workspace)?;
    let mut trunk = trunk(workspace, &tools, dist);
    trunk.args(RELEASE).arg(page);
    process::run(&mut trunk, "Building a page with Trunk")?;
    start_script::extract(dist)?;
    precompress::all(dist)
}

/// A build by Trunk into `dist`.
fn trunk(workspace: &Workspace, tools: &AppTools, dist: &Path) -> Command {
    let mut trunk = tools.trunk(workspace);
    trunk.args(["build", "--skip-version-check", "--dist"]).arg(dist);
    // Trunk reads this variable as a flag of its own and refuses most of its usual values.
    trunk.env_remove("NO_COLOR").env_remove("RUST_BACKTRACE");
    trunk
}

/// What Trunk leaves to do.
fn finish(dist: &Path, optimisation: Optimisation) -> Result<()> {
    start_script::extract(dist)?;
    precache::write(dist)?;
    if optimisation != Optimisation::Development {
        precompress::all(dist)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_next_app_takes_the_place_of_the_one_before() {
        let folder = tempfile::tempdir().unwrap();
        let dist = folder.path().join("dist");
        for app in ["first", "second"] {
            let next = beside(&dist, ".next");
            fs::create_dir_all(&next).unwrap();
            fs::write(next.join(app), app).unwrap();
            exchange(&next, &dist).unwrap();
            let names: Vec<_> = fs::read_dir(&dist).unwrap().map(|file| file.unwrap().file_name()).collect();
            assert_eq!(names, [app]);
            assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        }
    }

    #[test]
    fn a_finished_app_has_no_inline_script_a_precache_list_and_compressed_forms() {
        let folder = tempfile::tempdir().unwrap();
        let dist = folder.path();
        let page =
            format!("<html><head></head><body>{}<script type=\"module\">go()</script></body></html>", "x".repeat(999));
        fs::write(dist.join("index.html"), page).unwrap();
        fs::write(dist.join("sw.js"), "const BUILD = '__CARNET_BUILD__';").unwrap();
        finish(dist, Optimisation::Release).unwrap();
        let page = fs::read_to_string(dist.join("index.html")).unwrap();
        assert!(!page.contains("go()"));
        assert!(dist.join("index.html.br").is_file() && dist.join("index.html.gz").is_file());
        let list = fs::read_to_string(dist.join("precache.json")).unwrap();
        assert!(list.contains("/start-") && list.contains("/index.html") && !list.contains("sw.js"));
        assert!(!fs::read_to_string(dist.join("sw.js")).unwrap().contains("__CARNET"));
    }
}

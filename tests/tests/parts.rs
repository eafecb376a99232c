//! The app in parts: the first page takes none of them, one that does not come is said and comes when asked again, and a
//! page whose version was replaced still gets its own.

use carnet_e2e::{Browser, Relay, Step};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::{
    fs,
    path::{Path, PathBuf},
};
use tempfile::TempDir;

/// The folder with the built app.
fn built() -> Step<PathBuf> {
    Ok(std::env::var("CARNET_APP_DIR")?.into())
}

/// Files below a folder, relative to it.
fn files(folder: &Path) -> Step<Vec<PathBuf>> {
    let (mut found, mut open) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(inside) = open.pop() {
        for entry in fs::read_dir(inside)? {
            let path = entry?.path();
            if path.is_dir() {
                open.push(path);
            } else {
                found.push(path.strip_prefix(folder)?.to_owned());
            }
        }
    }
    Ok(found)
}

/// Copies the files whose names begin so, as a server that has them again.
fn copy(from: &Path, to: &Path, wanted: impl Fn(&str) -> bool) -> Step {
    for file in files(from)? {
        if wanted(&file.to_string_lossy()) {
            let to = to.join(&file);
            fs::create_dir_all(to.parent().ok_or("no folder")?)?;
            fs::copy(from.join(&file), to)?;
        }
    }
    Ok(())
}

/// The same app as another build: every name that carries the hash over the parts has another, and so has the build.
fn another_build(app: &Path) -> Step<TempDir> {
    let names = files(app)?;
    let named = |name: &PathBuf| name.to_string_lossy().strip_prefix("parts-")?.strip_suffix(".js").map(str::to_owned);
    let old = names.iter().find_map(named).ok_or("no script that fetches parts")?;
    let new = format!("{}{}", &old[1..], &old[..1]);
    let next = tempfile::tempdir()?;
    let mut list: Value = serde_json::from_slice(&fs::read(app.join("precache.json"))?)?;
    let build = list["build"].as_str().ok_or("no build")?.to_owned();
    let next_build = format!("{}{}", &build[1..], &build[..1]);
    // Compressed twins stay behind: they would hold the old names.
    for file in
        names.iter().filter(|file| !matches!(file.extension().and_then(|kind| kind.to_str()), Some("br" | "gz")))
    {
        let bytes = fs::read(app.join(file))?;
        let bytes = match String::from_utf8(bytes) {
            Ok(text) => text.replace(&old, &new).replace(&build, &next_build).into_bytes(),
            Err(binary) => binary.into_bytes(),
        };
        let to = next.path().join(file.to_string_lossy().replace(&old, &new));
        fs::create_dir_all(to.parent().ok_or("no folder")?)?;
        fs::write(to, bytes)?;
    }
    list["build"] = next_build.into();
    for entry in list["files"].as_array_mut().ok_or("no files")? {
        let url = entry["url"].as_str().ok_or("no address")?.replace(&old, &new);
        let bytes = fs::read(next.path().join(url.trim_start_matches('/')))?;
        entry["hash"] = hex::encode(Sha256::digest(bytes)).into();
        entry["url"] = url.into();
    }
    fs::write(next.path().join("precache.json"), list.to_string())?;
    Ok(next)
}

#[tokio::test]
async fn a_part_that_does_not_come_is_said_and_comes_when_asked_again() -> Step {
    let (app, served) = (built()?, tempfile::tempdir()?);
    copy(&app, served.path(), |name| !name.starts_with("split_"))?;
    let relay = Relay::serving(served.path().to_owned()).await?;
    let browser = Browser::start().await?;
    let page = browser.page();
    page.open(&relay.origin()).await?;
    page.sees("Create a wallet").await?;
    let taken = "return performance.getEntriesByType('resource').map((entry) => entry.name).filter((name) => \
                 /(split|chunk)_/.test(name)).length";
    assert_eq!(page.script(taken).await?, 0, "the first page takes more than the main part");

    page.click("link", "Create a wallet").await?;
    page.sees("A part of Carnet did not load").await?;
    page.keep("part-missing").await?;
    copy(&app, served.path(), |name| name.starts_with("split_opening"))?;
    page.click("button", "Try again").await?;
    // The page is here now; what the wallet's worker takes is not.
    page.sees("It takes a minute").await?;
    page.sees("A part of Carnet did not load").await?;
    copy(&app, served.path(), |name| name.starts_with("split_"))?;
    page.click("button", "Try again").await?;
    page.sees("These 24 words are your wallet").await
}

#[tokio::test]
async fn a_page_whose_version_was_replaced_still_gets_its_parts() -> Step {
    let (app, served) = (built()?, tempfile::tempdir()?);
    copy(&app, served.path(), |_| true)?;
    let relay = Relay::serving(served.path().to_owned()).await?;
    let browser = Browser::start().await?;
    let page = browser.page();
    page.start_with_car(&relay.origin(), "Family car", "", "").await?;
    page.is_kept().await?;
    // Fresh, so that of the parts only those that unlock are here.
    page.open(&relay.origin()).await?;
    page.sees("Passphrase").await?;

    // A version that nobody takes, and the one after it, which somebody takes in another tab.
    let second = another_build(&app)?;
    let third = another_build(second.path())?;
    for (next, taken) in [(&second, false), (&third, true)] {
        for file in files(served.path())? {
            fs::remove_file(served.path().join(file))?;
        }
        copy(next.path(), served.path(), |_| true)?;
        let update = "const [taken, done] = arguments;
            if (taken) navigator.serviceWorker.addEventListener('controllerchange', () => done(true));
            navigator.serviceWorker.getRegistration().then((registration) => {
                registration.addEventListener('updatefound', () => {
                    const worker = registration.installing;
                    worker.addEventListener('statechange', () => {
                        if (worker.state !== 'installed') return;
                        if (taken) worker.postMessage('take-over');
                        else done(true);
                    });
                }, { once: true });
                return registration.update();
            });";
        page.driver().execute_async(update, vec![taken.into()]).await?;
    }
    page.sees("A new version").await?;
    page.unlock().await?;
    page.click("link", "Family car").await?;
    page.sees("Can you rely on this passport?").await
}

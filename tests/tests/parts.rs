//! The app in parts: the first page takes none of them, and one that does not come is said and comes when asked again.

use carnet_e2e::{Browser, Relay, Step};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// A copy of the app that its parts can be taken out of, as a server may lose or replace them.
struct App {
    served: tempfile::TempDir,
    away: tempfile::TempDir,
}

impl App {
    fn without_parts() -> Step<Self> {
        let built = PathBuf::from(std::env::var("CARNET_APP_DIR")?);
        let app = Self { served: tempfile::tempdir()?, away: tempfile::tempdir()? };
        for file in fs::read_dir(built)? {
            let file = file?;
            let name = file.file_name();
            let into = if name.to_string_lossy().starts_with("split_") { &app.away } else { &app.served };
            if file.file_type()?.is_file() {
                fs::copy(file.path(), into.path().join(name))?;
            }
        }
        Ok(app)
    }

    /// Puts a part back, or all of them.
    fn put_back(&self, part: &str) -> Step {
        for file in fs::read_dir(self.away.path())? {
            let name = file?.file_name();
            if name.to_string_lossy().starts_with(part) {
                fs::rename(self.away.path().join(&name), self.served.path().join(&name))?;
            }
        }
        Ok(())
    }

    fn folder(&self) -> &Path {
        self.served.path()
    }
}

#[tokio::test]
async fn a_part_that_does_not_come_is_said_and_comes_when_asked_again() -> Step {
    let app = App::without_parts()?;
    let relay = Relay::serving(app.folder().to_owned()).await?;
    let browser = Browser::start().await?;
    let page = browser.page();
    page.open(&relay.origin()).await?;
    page.sees("Create a wallet").await?;
    let taken = "return performance.getEntriesByType('resource').map((entry) => entry.name).filter((name) => \
                 /(split|chunk)_/.test(name)).length";
    assert_eq!(page.script(taken).await?, 0, "the first page takes more than the main part");

    page.click("link", "Create a wallet").await?;
    page.sees("This page did not load").await?;
    page.keep("part-missing").await?;
    app.put_back("split_opening")?;
    page.click("button", "Try again").await?;
    // The page is here now; what the wallet's worker takes is not.
    page.sees("The relay cannot be reached").await?;
    app.put_back("split_")?;
    page.click("button", "Try again").await?;
    page.sees("These 24 words are your wallet").await
}

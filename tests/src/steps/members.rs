//! Steps of members' staff, and of owners and buyers with them.

use crate::{Browser, Page, Step};

/// A member's staff at the desk, in a browser of its own.
pub struct Staff {
    browser: Browser,
    member: String,
}

impl Staff {
    /// Takes up the role of a member of the demo consortium in a new wallet.
    ///
    /// # Errors
    /// When a step cannot be done.
    pub async fn of(origin: &str, member: &str) -> Step<Self> {
        let browser = Browser::start().await?;
        let page = browser.page();
        page.open(&format!("{origin}/desk")).await?;
        page.click("link", "Create a wallet").await?;
        page.create_wallet().await?;
        page.click("button", &format!("Act for {member}")).await?;
        page.sees("Nothing in the inbox yet").await?;
        Ok(Self { browser, member: member.to_owned() })
    }

    /// The desk's page.
    pub fn page(&self) -> Page {
        self.browser.page()
    }

    /// An owner shares the car in front with this member, which accepts and opens it.
    ///
    /// # Errors
    /// When a step cannot be done.
    pub async fn is_shown(&self, owner: &Page) -> Step {
        owner.click("link", "Share").await?;
        owner.click("radio", "A member of the consortium").await?;
        owner.click("radio", &self.member).await?;
        owner.click("button", "Share").await?;
        owner.sees(&format!("Shared with {}", self.member)).await?;
        let page = self.page();
        page.open_path("/desk").await?;
        page.click("button", "Refresh").await?;
        page.click("button", "Accept").await?;
        page.click("link", "Open the passport").await?;
        page.find("heading", "What you say of this car").await.map(drop)
    }

    /// Confirms the VIN of the passport in front.
    ///
    /// # Errors
    /// When a step cannot be done.
    pub async fn confirms_the_vin(&self) -> Step {
        let page = self.page();
        page.click("button", "Confirm the VIN").await?;
        page.click("button", "Put it on the ledger").await?;
        page.sees("A member has confirmed the VIN").await
    }

    /// Says something that a record has to show: chooses the first there is.
    ///
    /// # Errors
    /// When a step cannot be done.
    pub async fn says(&self, label: &str) -> Step {
        self.page().click("button", label).await?;
        self.page().choose_first("Record that shows it").await?;
        self.page().click("button", "Put it on the ledger").await
    }
}

impl Page {
    /// Opens a page of the app that is in front, as its own links do: an open wallet stays open.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn open_path(&self, path: &str) -> Step {
        self.click(
            "link",
            match path {
                "/desk" => "Desk",
                "/saved" => "Saved",
                _ => "Cars",
            },
        )
        .await
    }

    /// Chooses the first option of a drop-down that is more than a prompt.
    ///
    /// # Errors
    /// When it does not come or has none.
    pub async fn choose_first(&self, label: &str) -> Step {
        let select = self.find("combobox", label).await?;
        thirtyfour::components::SelectElement::new(&select).await?.select_by_index(1).await?;
        Ok(())
    }

    /// Opens a link again and again, each time as if for the first, until it shows this: what members just said is
    /// seen once the consortium has cosigned it.
    ///
    /// # Errors
    /// When it is not shown after many times.
    pub async fn opens_until(&self, link: &str, text: &str) -> Step {
        for _ in 0..20 {
            self.open("about:blank").await?;
            self.open(link).await?;
            self.find("heading", "Can you rely on this passport?").await?;
            if self.text().await?.contains(text) {
                return Ok(());
            }
        }
        Err(format!("“{text}” is not shown:\n{}", self.text().await?).into())
    }
}

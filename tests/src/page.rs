//! A page as people use it: things are found by role and accessible name, and every step waits until it can be done.
//!
//! Waiting is event-driven: a script in the page answers as soon as the element is there, through a MutationObserver.

use crate::Step;
use serde_json::{Value, json};
use std::time::Duration;
use thirtyfour::prelude::*;

/// How long a step may take on a slow machine before the journey fails.
const PATIENCE: Duration = Duration::from_secs(45);

/// Finds visible elements by role and accessible name. Arguments: role, name, exact, patience in ms.
const FINDER: &str = include_str!("finder.js");

/// The page in front of a browser.
#[derive(Clone)]
pub struct Page {
    driver: WebDriver,
}

impl Page {
    pub(crate) fn new(driver: WebDriver) -> Self {
        Self { driver }
    }

    /// The driver, for what only one journey needs.
    pub fn driver(&self) -> &WebDriver {
        &self.driver
    }

    /// Opens a URL.
    ///
    /// # Errors
    /// When the page cannot be loaded.
    pub async fn open(&self, url: &str) -> Step {
        self.driver.set_script_timeout(PATIENCE + Duration::from_secs(5)).await?;
        self.driver.goto(url).await?;
        Ok(())
    }

    /// Waits until the service worker keeps the app for use offline.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn is_kept(&self) -> Step {
        let script = "const done = arguments[0]; navigator.serviceWorker.ready.then(() => done(true));";
        self.driver.execute_async(script, vec![]).await?;
        Ok(())
    }

    /// The address as the address bar shows it.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn address(&self) -> Step<String> {
        Ok(self.driver.current_url().await?.to_string())
    }

    async fn locate(&self, role: &str, name: &str, patience: Duration) -> Step<Option<WebElement>> {
        let arguments = vec![json!(role), json!(name), json!(patience.as_millis() as u64)];
        let found = self.driver.execute_async(FINDER, arguments).await?;
        if found.json().is_null() { Ok(None) } else { Ok(Some(found.element()?)) }
    }

    /// The visible element with this role and accessible name (or, for `text`, this text), once it is there.
    ///
    /// # Errors
    /// When it does not come; the message shows what the page had instead.
    pub async fn find(&self, role: &str, name: &str) -> Step<WebElement> {
        match self.locate(role, name, PATIENCE).await? {
            Some(element) => Ok(element),
            None => Err(format!("no {role} “{name}” on {}:\n{}", self.address().await?, self.text().await?).into()),
        }
    }

    /// Whether it is there now.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn has(&self, role: &str, name: &str) -> Step<bool> {
        Ok(self.locate(role, name, Duration::ZERO).await?.is_some())
    }

    /// Waits until the page shows this text.
    ///
    /// # Errors
    /// When it does not come.
    pub async fn sees(&self, text: &str) -> Step {
        self.find("text", text).await.map(drop)
    }

    /// Waits until something with this role and name is gone.
    ///
    /// # Errors
    /// When it stays.
    pub async fn sees_no_more(&self, role: &str, name: &str) -> Step {
        let arguments = vec![json!(role), json!(name), json!(PATIENCE.as_millis() as u64), json!(true)];
        let gone = self.driver.execute_async(FINDER, arguments).await?;
        if gone.json() == &Value::Bool(true) { Ok(()) } else { Err(format!("{role} “{name}” stays").into()) }
    }

    /// Waits until what has the focus has this text: nobody is left at the top of the page.
    ///
    /// # Errors
    /// When the focus stays elsewhere.
    pub async fn has_focus(&self, text: &str) -> Step {
        let script = "const [text, patience, done] = arguments; const until = Date.now() + patience; \
                      const look = () => { const e = document.activeElement; \
                      if (e && e !== document.body && e.textContent.trim() === text) done(true); \
                      else if (Date.now() > until) done(false); else requestAnimationFrame(look); }; look();";
        let arguments = vec![json!(text), json!(PATIENCE.as_millis() as u64)];
        let focused = self.driver.execute_async(script, arguments).await?;
        if focused.json() == &Value::Bool(true) { Ok(()) } else { Err(format!("“{text}” has no focus").into()) }
    }

    /// Clicks a button, link, tab, checkbox or radio button.
    ///
    /// # Errors
    /// When it does not come or cannot be clicked.
    pub async fn click(&self, role: &str, name: &str) -> Step {
        let mut left = 5;
        loop {
            match self.click_once(role, name).await {
                // Replaced between finding and pressing, by data that just came in: people press again, too.
                Err(error) if left > 0 && error.to_string().contains("stale element") => left -= 1,
                // Under a message: it is waved away first.
                Err(error) if left > 0 && error.to_string().contains("click intercepted") => {
                    left -= 1;
                    self.driver.execute("document.querySelector('.toast button')?.click()", Vec::new()).await?;
                }
                outcome => return outcome,
            }
        }
    }

    async fn click_once(&self, role: &str, name: &str) -> Step {
        let element = self.find(role, name).await?;
        self.driver
            .execute("arguments[0].scrollIntoView({block:'center',behavior:'instant'})", vec![element.to_json()?])
            .await?;
        element.click().await?;
        Ok(())
    }

    /// Replaces what a field holds.
    ///
    /// # Errors
    /// When it does not come or takes no text.
    pub async fn fill(&self, label: &str, text: &str) -> Step {
        let field = self.find("textbox", label).await?;
        field.clear().await?;
        field.send_keys(text).await?;
        Ok(())
    }

    /// Sets a date field, given as `YYYY-MM-DD`, whatever the browser's locale.
    ///
    /// # Errors
    /// When it does not come.
    pub async fn fill_date(&self, label: &str, date: &str) -> Step {
        let field = self.find("textbox", label).await?;
        let script = "const [field, value] = arguments; field.value = value; \
                      for (const kind of ['input', 'change']) field.dispatchEvent(new Event(kind, { bubbles: true }));";
        self.driver.execute(script, vec![field.to_json()?, json!(date)]).await?;
        Ok(())
    }

    /// Chooses an option of a drop-down by its text.
    ///
    /// # Errors
    /// When either does not come.
    pub async fn choose(&self, label: &str, option: &str) -> Step {
        let select = self.find("combobox", label).await?;
        thirtyfour::components::SelectElement::new(&select).await?.select_by_exact_text(option).await?;
        Ok(())
    }

    /// Gives a file to the file field with this label.
    ///
    /// # Errors
    /// When the field or the file is not there.
    pub async fn give_file(&self, label: &str, path: &std::path::Path) -> Step {
        let field = self.find("file", label).await?;
        // ChromeDriver refuses a path with `..` in it.
        let path = path.canonicalize()?;
        field.send_keys(path.to_str().ok_or("the path is not UTF-8")?).await?;
        Ok(())
    }

    /// All visible text.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn text(&self) -> Step<String> {
        let text = self.driver.execute("return document.body ? document.body.innerText : ''", vec![]).await?;
        Ok(text.json().as_str().unwrap_or_default().to_owned())
    }

    /// Presses keys on what has the focus.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn press(&self, keys: impl Into<thirtyfour::TypingData>) -> Step {
        self.driver.active_element().await?.send_keys(keys).await?;
        Ok(())
    }

    /// Runs a script and gives its JSON result.
    ///
    /// # Errors
    /// When it throws.
    pub async fn script(&self, script: &str) -> Step<Value> {
        Ok(self.driver.execute(script, vec![]).await?.json().clone())
    }

    /// Tells the page that the device is off the network, or back on. The wallet's worker has connections of its own:
    /// cut the relay as well.
    ///
    /// # Errors
    /// When the browser refuses.
    pub async fn offline(&self, offline: bool) -> Step {
        let conditions = json!({ "offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
        self.driver.cdp().send_raw("Network.enable", json!({})).await?;
        self.driver.cdp().send_raw("Network.emulateNetworkConditions", conditions).await?;
        Ok(())
    }
}

// Resolves with the first visible element of a role and accessible name, or null when time runs out.
// With the fourth argument true: resolves with true once there is no such element.
const [role, name, patience, gone, done] =
  arguments.length === 5 ? arguments : [arguments[0], arguments[1], arguments[2], false, arguments[3]];

const SELECTORS = {
  button: "button, [role=button], input[type=submit], summary",
  link: "a[href], [role=link]",
  heading: "h1, h2, h3, h4, [role=heading]",
  textbox: "input:not([type=checkbox]):not([type=radio]):not([type=file]):not([type=submit]), textarea, [role=textbox]",
  combobox: "select, [role=combobox]",
  checkbox: "input[type=checkbox], [role=checkbox]",
  radio: "input[type=radio], [role=radio]",
  tab: "[role=tab]",
  dialog: "dialog[open], [role=dialog]",
  img: "img, svg[role=img], [role=img]",
  table: "table",
  alert: "[role=alert]",
  status: "[role=status], output",
  file: "input[type=file]",
};

const squeeze = (text) => (text || "").replace(/\s+/g, " ").trim();

function accessibleName(element) {
  const labelledBy = element.getAttribute("aria-labelledby");
  if (labelledBy) return squeeze(labelledBy.split(/\s+/).map((id) => document.getElementById(id)?.textContent || "").join(" "));
  const label = element.getAttribute("aria-label");
  if (label) return squeeze(label);
  if (element.labels && element.labels.length) return squeeze([...element.labels].map((l) => l.textContent).join(" "));
  const title = element.querySelector(":scope > title");
  if (title) return squeeze(title.textContent);
  return squeeze(element.alt || element.textContent || element.title || element.placeholder);
}

function visible(element) {
  if (element.type === "file" || element.type === "checkbox" || element.type === "radio") {
    // Often drawn by their label; what counts is that they are not taken out of the page.
    return element.labels?.[0]?.checkVisibility() || element.checkVisibility();
  }
  return element.checkVisibility({ visibilityProperty: true });
}

function matches(found) {
  return role === "dialog" || role === "text" ? found.includes(name) : found === name || (found.startsWith(name) && name.length >= 3);
}

function search() {
  const open = [...document.querySelectorAll("dialog[open]")].pop();
  for (const root of open ? [open, document.body] : [document.body]) {
    if (!root) continue;
    if (role === "text") {
      if (squeeze(root.innerText).includes(squeeze(name))) return root;
      continue;
    }
    const candidates = [...root.querySelectorAll(SELECTORS[role])].filter(visible).filter((e) => !e.disabled && e.ariaDisabled !== "true");
    const exact = candidates.find((e) => accessibleName(e) === name);
    const found = exact || candidates.find((e) => matches(accessibleName(e)));
    if (found) return found;
  }
  return null;
}

function answer() {
  const found = search();
  if (gone) return found ? undefined : true;
  return found || undefined;
}

const first = answer();
if (first !== undefined || patience === 0) {
  done(first === undefined ? (gone ? false : null) : first);
} else {
  const finish = (value) => {
    observer.disconnect();
    clearInterval(ticker);
    clearTimeout(deadline);
    done(value);
  };
  const look = () => {
    const value = answer();
    if (value !== undefined) finish(value);
  };
  const observer = new MutationObserver(look);
  observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  // Style changes (a dialog fading in) mutate nothing.
  const ticker = setInterval(look, 250);
  const deadline = setTimeout(() => finish(gone ? false : null), patience);
}

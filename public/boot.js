// Runs before everything else on the page, as a plain script in the head. It holds what must happen first (taking a
// share link's secret out of the address bar), what must happen early (theme and language before the first paint)
// and what only script can do under the page's Trusted Types rule (choosing worker scripts).
"use strict";

globalThis.carnet = (() => {
  // That a link was open in this tab, and nothing of the link: browsers write what a tab's session holds to disk.
  const noteLink = (open) => {
    try {
      if (open) sessionStorage.setItem("carnet.link", "open");
      else sessionStorage.removeItem("carnet.link");
    } catch {
      // storage forbidden: after a reload the page asks for a link without saying why
    }
  };

  // --- Share link or invitation: read and removed before anything else can see, log or store it. -----------------------------
  // Some messengers turn `#` into `%23`, which makes the secret part of the path; it is repaired here.
  const LINK_PATH = /^\/(s|join)\/?(?:%23(.*))?$/i;

  const takeFromAddress = () => {
    const path = LINK_PATH.exec(location.pathname);
    if (!path) return null;
    const found = location.hash.length > 1 ? location.hash.slice(1) : path[2];
    if (!found) return null;
    history.replaceState(history.state, "", `/${path[1].toLowerCase()}`);
    // From now on a reload loses something, whatever else comes of the page.
    if (path[1].toLowerCase() === "s") noteLink(true);
    return found;
  };

  // A code that another device shows leads here in the same way.
  const DEVICE_PATH = /^\/welcome\/device\/?(?:%23(.*))?$/i;
  const takeDevice = () => {
    const path = DEVICE_PATH.exec(location.pathname);
    if (!path) return null;
    const found = location.hash.length > 1 ? location.hash.slice(1) : path[1];
    if (!found) return null;
    history.replaceState(history.state, "", "/welcome/device");
    return found;
  };

  let link = takeFromAddress();
  let device = takeDevice();
  const linkListeners = [];
  const relink = () => {
    const found = takeFromAddress();
    const code = takeDevice();
    if (found === null && code === null) return;
    link = found ?? link;
    device = code ?? device;
    for (const listener of linkListeners) listener();
  };
  // A second link pasted into the same tab changes the fragment only. Registered before the router's own listener.
  addEventListener("popstate", relink);
  addEventListener("hashchange", relink);

  // --- Preferences: no secrets, hence localStorage. ------------------------------------------------------------
  const stored = (key) => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null; // storage forbidden: the choice lasts as long as the page
    }
  };
  const store = (key, value) => {
    try {
      if (value === null) localStorage.removeItem(key);
      else localStorage.setItem(key, value);
    } catch {
      // as above
    }
  };
  const hadLink = () => {
    try {
      return sessionStorage.getItem("carnet.link") === "open";
    } catch {
      return false;
    }
  };
  const root = document.documentElement;
  const showTheme = (theme) => {
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
    else delete root.dataset.theme;
  };
  showTheme(stored("carnet.theme"));
  const language = () => stored("carnet.language") ?? navigator.languages?.find((tag) => /^(en|fr|zh)\b/i.test(tag)) ?? "en";
  root.lang = /^zh/i.test(language()) ? "zh-Hant" : language().slice(0, 2);

  // --- Texts: one file for each language, named in the head by the build. Asked for while the module still loads. -----
  const texts = {};
  const text = (tag) => {
    const name = document.querySelector(`meta[name="text-${tag}"]`)?.content;
    if (!name) return Promise.reject(new Error("the page does not name its texts"));
    texts[tag] ??= fetch(name).then((response) => {
      if (!response.ok) throw new Error(`texts: ${response.status}`);
      return response.text();
    });
    // What failed once may come the next time.
    texts[tag].catch(() => delete texts[tag]);
    return texts[tag];
  };
  if (document.querySelector('meta[name="text-en"]')) text(root.lang);

  // --- Parts of the module that reading by a link takes, named in the head by the build: asked for with the module. -
  if (/^\/s\/?$/i.test(location.pathname)) {
    const names = document.querySelector('meta[name="parts-by-link"]')?.content ?? "";
    for (const href of names.split(" ").filter(Boolean)) {
      const wanted = { rel: "preload", as: "fetch", crossOrigin: "anonymous", href };
      document.head.append(Object.assign(document.createElement("link"), wanted));
    }
  }

  // --- Trusted Types: the only policy of the page; it lets exactly two script addresses of our own through. -----
  const ownScript = (address) => {
    const url = new URL(address, location.origin);
    const own = url.origin === location.origin && (url.pathname === "/sw.js" || url.pathname === "/worker.js");
    if (!own) throw new TypeError("not a script of this application");
    return url.href;
  };
  const policy = globalThis.trustedTypes?.createPolicy("carnet", { createScriptURL: ownScript }) ?? { createScriptURL: ownScript };

  // The worker runs the module that this page runs; Trunk names both files in the head.
  const spawnWorker = () => {
    const script = document.querySelector('link[rel="modulepreload"]');
    const wasm = document.querySelector('link[rel="preload"][type="application/wasm"]');
    if (!script || !wasm) throw new Error("the page does not name its module");
    const query = new URLSearchParams({ js: new URL(script.href).pathname, wasm: new URL(wasm.href).pathname });
    return new Worker(policy.createScriptURL(`/worker.js?${query}`), { type: "module", name: "wallet" });
  };

  // --- New versions: a waiting service worker is shown, never activated behind the reader's back. ---------------
  let waiting = null;
  let replaced = false;
  let reloading = false;
  const updateListeners = [];
  const tellUpdate = () => updateListeners.forEach((listener) => listener());
  const watch = (registration) => {
    const offer = () => {
      if (registration.waiting && navigator.serviceWorker.controller) {
        waiting = registration.waiting;
        tellUpdate();
      }
    };
    offer();
    registration.addEventListener("updatefound", () => registration.installing?.addEventListener("statechange", offer));
    addEventListener("online", () => registration.update().catch(() => {}));
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") registration.update().catch(() => {});
    });
  };
  if ("serviceWorker" in navigator) {
    const controlled = navigator.serviceWorker.controller !== null;
    navigator.serviceWorker.addEventListener("controllerchange", () => {
      if (reloading) location.reload();
      else if (controlled) {
        // Another tab took the new version; this one still runs the old.
        replaced = true;
        tellUpdate();
      }
    });
    addEventListener("load", () => {
      // A refusal (private window, development server without a list of files) leaves the online application.
      navigator.serviceWorker.register(policy.createScriptURL("/sw.js"), { type: "classic" }).then(watch, () => {});
    });
  }

  // --- Installing: the browser's own offer, kept until settings ask for it. -------------------------------------
  let installOffer = null;
  addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    installOffer = event;
  });

  // --- The module failed to load or start: say so instead of a blank page. --------------------------------------
  const failed = () => {
    const notice = document.getElementById("start-failed");
    if (notice) notice.hidden = false;
    const splash = document.getElementById("splash");
    if (splash) splash.hidden = true;
  };
  addEventListener("error", failed, { once: true });
  addEventListener("unhandledrejection", failed, { once: true });

  return Object.freeze({
    // The fragment of a share link, once; null when there was none or it has been taken.
    takeLinkFragment() {
      const taken = link;
      link = null;
      return taken;
    },
    // The fragment of a code that another device shows, likewise.
    takeDeviceFragment() {
      const taken = device;
      device = null;
      return taken;
    },
    // Whether a wallet was here, as far as this store outlives the one that holds it.
    hadWallet: () => stored("carnet.wallet") === "here",
    noteWallet: (here) => store("carnet.wallet", here ? "here" : null),
    noteLink,
    hadLink,
    onLinkFragment: (listener) => void linkListeners.push(listener),
    spawnWorker,
    text,
    theme: () => stored("carnet.theme"),
    setTheme(theme) {
      store("carnet.theme", theme ?? null);
      showTheme(theme);
    },
    language,
    setLanguage(tag) {
      store("carnet.language", tag);
      root.lang = tag;
    },
    // Asks the browser not to evict the local store; false where it may still do so.
    persistStorage: async () => (await navigator.storage?.persist?.()) ?? false,
    onUpdate(listener) {
      updateListeners.push(listener);
      if (waiting || replaced) listener();
    },
    // Takes the new version: every file of it at once, by a reload.
    applyUpdate() {
      reloading = true;
      // Another tab may have taken it already.
      if (waiting?.state === "installed") waiting.postMessage("take-over");
      else location.reload();
    },
    canInstall: () => installOffer !== null,
    async install() {
      const offer = installOffer;
      installOffer = null;
      if (!offer) return false;
      await offer.prompt();
      return (await offer.userChoice).outcome === "accepted";
    },
  });
})();

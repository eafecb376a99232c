// Service worker: keeps one complete version of the application for use offline.
//
// What it refuses to do: touch the relay's interface (`/v1/`), answer from two versions at once (but for files that only
// the version before can ask for), take over a running page unasked, keep anything that is not in the build's list.
"use strict";

// Written by the build; a new value is what makes browsers see a new version.
const BUILD = "__CARNET_BUILD__";
const CACHE = `carnet-${BUILD}`;
const SHELL = "/index.html";

// `/precache.json`: { "build": id, "files": [{ "url": path, "hash": hex SHA-256 of the file }] }
const list = async () => {
  const response = await fetch("/precache.json", { cache: "no-store" });
  if (!response.ok) throw new Error(`list of files: ${response.status}`);
  const { build, files } = await response.json();
  // The server has moved on between the two requests: the browser tries again later, with the new script.
  if (build !== BUILD) throw new Error("list of files of another build");
  return files;
};

const hex = (digest) => Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");

const keep = async (cache, { url, hash }) => {
  const response = await fetch(url, { cache: "no-cache", credentials: "omit" });
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  const body = await response.arrayBuffer();
  // One wrong file and the whole version is refused: better the old one than a mixture.
  if (hex(await crypto.subtle.digest("SHA-256", body)) !== hash) throw new Error(`${url}: not as built`);
  const headers = new Headers(response.headers);
  // The kept body is unpacked.
  headers.delete("content-encoding");
  headers.delete("content-length");
  await cache.put(url, new Response(body, { status: 200, headers }));
};

// Since when a version answers, kept in its cache; one that only waited for its turn has none.
const SINCE = "/.since";

// The other versions that are kept, the one that answered last first.
const versions = async () => {
  const others = [];
  for (const name of await caches.keys()) {
    if (!name.startsWith("carnet-") || name === CACHE) continue;
    const since = await (await caches.open(name)).match(SINCE);
    others.push({ name, since: since ? Number(await since.text()) : 0 });
  }
  return others.sort((a, b) => b.since - a.since);
};

// Two lanes take from one list: what the page itself fetches meanwhile does not wait behind all of it.
const lane = async (cache, files) => {
  for (let file = files.shift(); file; file = files.shift()) await keep(cache, file);
};

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const files = await list();
    const cache = await caches.open(CACHE);
    try {
      await Promise.all([lane(cache, files), lane(cache, files)]);
      // One that waited and is waited for no more; a version from before there were such notes may be the one that answers.
      const others = await versions();
      if (others[0]?.since > 0) {
        for (const { name } of others.filter(({ since }) => since === 0)) await caches.delete(name);
      }
    } catch (error) {
      await caches.delete(CACHE);
      throw error;
    }
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    // The version that this one takes over from stays, for pages that still run it.
    const others = await versions();
    for (const { name } of others.slice(1)) await caches.delete(name);
    await (await caches.open(CACHE)).put(SINCE, new Response(String(Date.now())));
    await self.clients.claim();
  })());
});

self.addEventListener("message", (event) => {
  if (event.data === "take-over") self.skipWaiting();
});

// A file whose name carries a hash over its build is of no other: a page that still runs the version before fetches
// its parts by it.
const HASHED = /-[0-9a-f]{15,}(?:_bg)?\.\w+$/;

const answer = async (request, path) => {
  const cache = await caches.open(CACHE);
  const kept = (await cache.match(path)) ?? (HASHED.test(path) ? await caches.match(path) : undefined);
  return kept ?? fetch(request);
};

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin || url.pathname.startsWith("/v1/")) return;
  if (request.mode === "navigate") {
    // Every page of the application is the shell; a file opened in the address bar is not.
    if (!/\.\w+$/.test(url.pathname) || url.pathname === SHELL || /^\/s\/?%23/i.test(url.pathname)) {
      event.respondWith(answer(request, SHELL));
    }
    return;
  }
  event.respondWith(answer(request, url.pathname));
});

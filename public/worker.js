// The wallet's worker: loads the module that the page runs and hands over to `wallet_worker`.
//
// Messages that arrive while the module loads are kept and delivered afterwards, in order.

const HASHED = /^\/[\w.-]+\.(?:js|wasm)$/;
const query = new URL(self.location.href).searchParams;
const script = query.get("js") ?? "";
const wasm = query.get("wasm") ?? "";

const early = [];
const keep = (event) => early.push(event);
self.addEventListener("message", keep);

const start = async () => {
  if (!HASHED.test(script) || !HASHED.test(wasm)) throw new TypeError("not a module of this application");
  const module = await import(script);
  await module.default({ module_or_path: wasm });
  await module.wallet_worker();
  self.removeEventListener("message", keep);
  for (const event of early) {
    self.dispatchEvent(new MessageEvent("message", { data: event.data, ports: [...event.ports] }));
  }
};

// Thrown outside the promise, so that the page's `error` listener on the worker hears of it.
const passOn = (error) => setTimeout(() => {
  throw error;
});
start().catch(passOn);
// A trap inside a task of the module ends the wallet just as well.
self.addEventListener("unhandledrejection", (event) => passOn(event.reason));

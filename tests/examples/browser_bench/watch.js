// Watches the page from before the wallet opens until the passport's overview stands on the screen.
const long = [];
new PerformanceObserver((list) => {
  for (const { startTime, duration } of list.getEntries()) long.push([performance.timeOrigin + startTime, duration]);
}).observe({ type: "longtask" });

const shown = () => [...document.querySelectorAll("h2")].some((heading) => heading.textContent.includes("In short"));

// The frame with it is out when the message after its animation callback arrives.
const painted = () => new Promise((resolve) => requestAnimationFrame(() => {
  const channel = new MessageChannel();
  channel.port1.onmessage = () => resolve(performance.timeOrigin + performance.now());
  channel.port2.postMessage(0);
}));

const rendered = new Promise((resolve) => {
  const observer = new MutationObserver(() => {
    if (!shown()) return;
    observer.disconnect();
    resolve(painted());
  });
  observer.observe(document, { subtree: true, childList: true, characterData: true });
});

// The longest time without a frame, as a second opinion on the long tasks.
let last = performance.now();
let gap = 0;
const beat = (now) => {
  gap = Math.max(gap, now - last);
  last = now;
  requestAnimationFrame(beat);
};
requestAnimationFrame(beat);

window.watched = async () => {
  const at = await rendered;
  await new Promise((resolve) => setTimeout(resolve, 500));
  return { rendered: at, long, gap, marks: await window.wasmBindings.bench_marks() };
};
window.watchFrames = () => {
  gap = 0;
  last = performance.now();
  long.length = 0;
};

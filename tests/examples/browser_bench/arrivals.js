(selectors) => {
  const painted = () => new Promise((resolve) => requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => resolve(performance.now());
    channel.port2.postMessage(0);
  }));
  const arrival = (selector) => new Promise((resolve) => {
    const look = (observer) => {
      if (!document.querySelector(selector)) return false;
      observer.disconnect();
      resolve(painted());
      return true;
    };
    const observer = new MutationObserver(() => look(observer));
    observer.observe(document, { subtree: true, childList: true });
    look(observer);
  });
  window.arrivals = Promise.all(selectors.map(arrival));
}

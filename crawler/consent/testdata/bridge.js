(() => {
  const later = window.setTimeout.bind(window), every = window.setInterval.bind(window);
  window.setTimeout = (f, ms, ...args) => later(f, (ms || 0) / 10, ...args);
  window.setInterval = (f, ms, ...args) => every(f, (ms || 0) / 10, ...args);
  // The product evaluates in an isolated world, where the page's wrappers are not
  // seen: what the bridge evaluates sees the browser's own getter, too.
  const own = Object.getOwnPropertyDescriptor(Element.prototype, 'shadowRoot');
  const isolated = (code) => {
    const pages = Object.getOwnPropertyDescriptor(Element.prototype, 'shadowRoot');
    Object.defineProperty(Element.prototype, 'shadowRoot', own);
    try {
      return (0, eval)('(' + code + ')');
    } finally {
      Object.defineProperty(Element.prototype, 'shadowRoot', pages);
    }
  };
  const id = Math.random().toString(36).slice(2), get = window.fetch.bind(window);
  const top = window.name === 'top' || location.host.startsWith('driver.') ? 1 : 0;
  addEventListener('pagehide', () => navigator.sendBeacon('/~bye?id=' + id));
  (async () => {
    await get('/~hello?id=' + id + '&top=' + top + '&url=' + encodeURIComponent(location.href));
    for (;;) {
      const r = await get('/~next?id=' + id);
      if (!r.ok) return;
      const { seq, code } = await r.json();
      let answer;
      try {
        const value = await isolated(code);
        answer = { value: value === undefined ? null : value };
      } catch (e) {
        answer = { error: String((e && e.stack) || e) };
      }
      await get('/~done?seq=' + seq, { method: 'POST', body: JSON.stringify(answer) });
    }
  })().catch(() => {});
})();

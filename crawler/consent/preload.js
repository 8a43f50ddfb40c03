(() => {
  const closed = new WeakSet(), P = Element.prototype;
  const seen = Object.getOwnPropertyDescriptor(P, 'shadowRoot'), mode = Object.getOwnPropertyDescriptor(ShadowRoot.prototype, 'mode');
  const call = Reflect.apply, has = closed.has.bind(closed), add = closed.add.bind(closed);
  P.attachShadow = new Proxy(P.attachShadow, {
    apply(f, host, [init, ...rest]) {
      if (!init || init.mode !== 'closed') return call(f, host, [init, ...rest]);
      const root = call(f, host, [{ ...init, mode: 'open' }, ...rest]);
      add(root);
      return root;
    },
  });
  Object.defineProperty(P, 'shadowRoot', { ...seen, get: new Proxy(seen.get, { apply(f, host, args) { const r = call(f, host, args); return r && has(r) ? null : r; } }) });
  Object.defineProperty(ShadowRoot.prototype, 'mode', { ...mode, get: new Proxy(mode.get, { apply(f, root, args) { return has(root) ? 'closed' : call(f, root, args); } }) });
})();

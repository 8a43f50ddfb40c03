// Runs in every document and worker before the site's own scripts. It reports
// each cookie and storage write with the time on the page's clock and the call
// stack, and leaves everything else as it was. Every function that it needs is
// taken before the page can replace it.
(() => {
  const G = globalThis, emit = G["%BINDING%"];
  if (typeof emit !== "function") return;
  delete G["%BINDING%"];
  const {apply, getOwnPropertyDescriptor, defineProperty} = Reflect;
  const stringify = JSON.stringify, Err = Error, now = Date.now, Str = String, Prox = Proxy;
  const then = Promise.prototype.then, includes = Str.prototype.includes, slice = Str.prototype.slice;
  const indexOf = Str.prototype.indexOf, trim = Str.prototype.trim;

  // The address whose cookies the document has: about:srcdoc and about:blank
  // frames take over that of the frame around them.
  const address = () => {
    let w = G;
    try {
      while (apply(indexOf, w.location.href, ["about:"]) === 0 && w.parent && w.parent !== w) w = w.parent;
      return w.location.href;
    } catch { try { return w.location.href } catch { return "" } }
  };
  const stack = () => {
    const limit = Err.stackTraceLimit, prepare = Err.prepareStackTrace;
    try {
      Err.stackTraceLimit = 30;
      if (prepare) Err.prepareStackTrace = undefined;
      const s = new Err().stack;
      return typeof s === "string" ? s : "";
    } catch { return "" } finally {
      try { Err.stackTraceLimit = limit; if (prepare) Err.prepareStackTrace = prepare } catch { /* frozen by the page */ }
    }
  };
  const moment = (kind) => ({k: kind, t: apply(now, null, []), u: address(), s: stack()});
  const send = (o) => { try { emit(stringify(o)) } catch { /* the page goes on regardless */ } };
  // A proxy keeps name, length and the look of native code.
  const wrap = (holder, name, part, handler) => {
    const d = holder && getOwnPropertyDescriptor(holder, name);
    if (!d || typeof d[part] !== "function" || !d.configurable) return;
    d[part] = new Prox(d[part], {apply: handler});
    defineProperty(holder, name, d);
  };

  if (G.Document) {
    const get = getOwnPropertyDescriptor(G.Document.prototype, "cookie").get;
    wrap(G.Document.prototype, "cookie", "set", (set, doc, args) => {
      const m = moment("document.cookie");
      const text = typeof args[0] === "string" ? args[0] : Str(args[0]);
      const result = apply(set, doc, [text]);
      try {
        m.v = text;
        const end = apply(indexOf, text, [";"]);
        const pair = apply(trim, end < 0 ? text : apply(slice, text, [0, end]), []);
        m.seen = apply(includes, "; " + apply(get, doc, []) + ";", ["; " + pair + ";"]);
        send(m);
      } catch { send(m) }
      return result;
    });
  }
  if (G.CookieStore) {
    const report = (kind) => (fn, store, args) => {
      const m = moment(kind);
      const a = args[0];
      try {
        m.d = a !== null && typeof a === "object"
          ? {name: a.name, value: a.value, domain: a.domain, path: a.path, expires: a.expires == null ? null : +a.expires, maxAge: a.maxAge, sameSite: a.sameSite, partitioned: a.partitioned}
          : {name: Str(a), value: args.length > 1 ? Str(args[1]) : ""};
      } catch { /* an argument that throws when it is read */ }
      const p = apply(fn, store, args);
      try { apply(then, p, [() => { m.seen = true; send(m) }, (e) => { m.refused = Str(e); send(m) }]) } catch { send(m) }
      return p;
    };
    wrap(G.CookieStore.prototype, "set", "value", report("cookieStore.set"));
    wrap(G.CookieStore.prototype, "delete", "value", report("cookieStore.delete"));
  }
  if (G.Storage) {
    let local, session;
    try { local = G.localStorage } catch { /* an opaque origin has none */ }
    try { session = G.sessionStorage } catch { /* nor this */ }
    wrap(G.Storage.prototype, "setItem", "value", (fn, area, args) => {
      const m = moment(area === local ? "localStorage" : area === session ? "sessionStorage" : "");
      const result = apply(fn, area, args);
      m.d = {name: Str(args[0])};
      if (m.k) send(m);
      return result;
    });
  }
  if (G.IDBFactory) {
    wrap(G.IDBFactory.prototype, "open", "value", (fn, factory, args) => {
      const m = moment("indexedDB");
      const result = apply(fn, factory, args);
      m.d = {name: Str(args[0])};
      send(m);
      return result;
    });
  }
})();

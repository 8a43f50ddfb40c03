// Runs in every document and worker before the site's own code. It has the
// debugger evaluate a condition at each call of the functions that store
// something. The condition never holds, so nothing stops; it reports the call.
// The page's objects stay as they are: nothing is wrapped or replaced, and no
// code of the page's runs on our account, so there is nothing to find. What the
// reporter needs is taken before the page can change it.
const %NAME% = (() => {
  if (typeof debug !== "function") return; // the debugger's own, lent to this script only
  const G = globalThis, say = G.console.trace, soon = G.queueMicrotask;
  const {apply, deleteProperty, getOwnPropertyDescriptor, getPrototypeOf} = Reflect;
  const stringify = JSON.stringify, now = Date.now, getTime = Date.prototype.getTime, Str = String, Num = Number;
  const stamp = Error.captureStackTrace, plain = Object.prototype, define = Reflect.defineProperty, then = Promise.prototype.then;
  const {includes, indexOf, slice, trim, valueOf} = Str.prototype;
  const part = (o, name, which) => { const d = o && getOwnPropertyDescriptor(o, name); return d && d[which]; };
  const proto = (name) => part(G, name, "value") && G[name].prototype;
  const href = part(proto("URL"), "href", "get"), trusted = part(proto("TrustedScriptURL"), "toString", "value");
  const parent = part(G, "parent", "get"), opener = part(G, "opener", "get"), cookies = part(proto("Document"), "cookie", "get"), stored = part(proto("CookieStore"), "getAll", "value");
  const area = (name) => { try { return apply(part(G, name, "get"), G, []) } catch { return undefined } }; // an opaque origin has none
  const local = area("localStorage"), session = area("sessionStorage");
  const longest = 32768; // characters: no cookie and no key that is kept is longer

  // The address whose cookies the document has: about:srcdoc and about:blank
  // frames take over that of the frame around them, empty windows that of their
  // opener. Windows can be made to open one another in a circle.
  const address = () => {
    let w = G;
    try {
      for (let n = 0; n < 50 && parent && apply(indexOf, w.location.href, ["about:"]) === 0; n++) {
        let up = apply(parent, w, []);
        if (up === w && opener) up = apply(opener, w, []);
        if (!up || up === w) break;
        w = up;
      }
      return w.location.href;
    } catch { try { return G.location.href } catch { return "" } }
  };
  const tell = (o) => apply(say, G.console, ["%MARK%" + stringify(o)]);

  // What the call will make of a value, as far as that can be known without
  // running the page's conversions a second time; undefined where it cannot.
  const readers = [valueOf, href, trusted];
  const text = (x) => {
    let s;
    switch (typeof x) {
      case "string": s = x; break;
      case "symbol": return undefined;
      case "object": case "function":
        if (x === null) return "null";
        for (let i = 0; i < readers.length; i++) try { s = apply(readers[i], x, []); break } catch { /* of another class, or not there */ }
        if (typeof s !== "string") return undefined;
        break;
      default: s = Str(x);
    }
    return s.length > longest ? apply(slice, s, [0, longest]) : s;
  };
  const number = (x) => {
    if (x === undefined || x === null) return null;
    if (typeof x === "object") try { return apply(getTime, x, []) } catch { return undefined }
    return typeof x === "symbol" || typeof x === "function" ? undefined : Num(x);
  };
  // Only a proxy refuses a stack, and none of its traps is run for that.
  const isProxy = (o) => {
    try { stamp(o); deleteProperty(o, "stack"); return false } catch (e) {
      return !apply(includes, part(e, "message", "value") || "", ["extensible"]);
    }
  };
  const unreadable = {__proto__: null};
  const field = (o, name) => {
    for (; o !== null; o = getPrototypeOf(o)) {
      if (o !== plain && isProxy(o)) throw unreadable;
      const d = getOwnPropertyDescriptor(o, name);
      if (d && !("value" in d)) throw unreadable;
      if (d) return d.value;
    }
    return undefined;
  };
  const readable = (x) => { if (x === undefined) throw unreadable; return x };
  const words = (o, name) => { const x = field(o, name); return x === undefined ? undefined : readable(text(x)) };

  // A cookie that was refused cannot be read back: it is looked for when the
  // script ends, or before its next write if that comes first.
  let count = 0, pending = null;
  const check = () => {
    const p = pending;
    pending = null;
    try {
      if (p) tell({__proto__: null, n: p.n, seen: apply(includes, "; " + apply(cookies, p.doc, []) + ";", ["; " + p.pair + ";"])});
    } catch { /* a document without cookies */ }
  };
  const later = (f) => { try { soon(f) } catch { /* the document has gone */ } };
  const arguments0 = (args) => args.length > 0 ? args[0] : undefined;
  const read = {
    __proto__: null,
    "document.cookie": (m, doc, args) => {
      check();
      m.v = readable(text(arguments0(args)));
      const end = apply(indexOf, m.v, [";"]);
      pending = {__proto__: null, n: m.n, doc, pair: apply(trim, end < 0 ? m.v : apply(slice, m.v, [0, end]), [])};
      later(check);
    },
    "cookieStore.set": (m, store, args) => {
      const a = arguments0(args);
      m.d = a === null || typeof a !== "object" ? {__proto__: null, name: readable(text(a)), value: args.length > 1 ? readable(text(args[1])) : ""} : {
        __proto__: null, name: words(a, "name"), value: words(a, "value"), domain: words(a, "domain"), path: words(a, "path"),
        expires: readable(number(field(a, "expires"))), maxAge: readable(number(field(a, "maxAge"))),
        sameSite: words(a, "sameSite"), partitioned: !!field(a, "partitioned"),
      };
      if (m.k === "cookieStore.set") later(() => {
        const p = apply(stored, store, [m.d.name]);
        define(p, "constructor", {__proto__: null, value: undefined}); // or then would ask the page's
        apply(then, p, [(found) => {
          let seen = false;
          for (let i = 0; i < found.length; i++) seen ||= found[i].value === m.d.value;
          tell({__proto__: null, n: m.n, seen});
        }, () => {}]);
      });
    },
    "storage": (m, s, args) => {
      m.k = s === local ? "localStorage" : s === session ? "sessionStorage" : "";
      m.d = {__proto__: null, name: readable(text(arguments0(args)))};
    },
    "named": (m, _, args) => { m.d = {__proto__: null, name: readable(text(arguments0(args)))} },
    "serviceWorker": (m, _, args) => {
      const o = args.length > 1 ? args[1] : undefined;
      m.d = {__proto__: null, name: readable(text(arguments0(args))), path: o === null || typeof o !== "object" ? undefined : words(o, "scope")};
    },
  };
  read["cookieStore.delete"] = read["cookieStore.set"];
  read.indexedDB = read.cacheStorage = read.named;

  const report = (kind, self, args) => {
    if (kind === undefined) return apply(now, null, []); // what the clock shows
    try {
      const m = {__proto__: null, n: ++count, k: kind, t: apply(now, null, []), u: address()};
      try { read[kind](m, self, args) } catch { m.unread = true }
      if (m.k) tell(m);
    } catch { /* the page goes on regardless */ }
    return false;
  };
  const watch = (f, kind) => {
    if (f) debug(f, `typeof %NAME%==="function"&&%NAME%(${stringify(kind)},this,arguments)\n//# sourceURL=%MARK%`);
  };
  watch(part(proto("Document"), "cookie", "set"), "document.cookie");
  watch(part(proto("CookieStore"), "set", "value"), "cookieStore.set");
  watch(part(proto("CookieStore"), "delete", "value"), "cookieStore.delete");
  watch(part(proto("Storage"), "setItem", "value"), "storage");
  watch(part(proto("IDBFactory"), "open", "value"), "indexedDB");
  watch(part(proto("CacheStorage"), "open", "value"), "cacheStorage");
  watch(part(proto("ServiceWorkerContainer"), "register", "value"), "serviceWorker");
  // The functions of a further document are watched with those of the first one,
  // but V8 only looks for them when a function is watched that was not before
  // (Chromium 156).
  debug(Math.clz32, "false");
  undebug(Math.clz32);
  return report;
})();

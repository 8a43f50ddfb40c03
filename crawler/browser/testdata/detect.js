// Looks for a hook in every way that pages are known to: what it finds goes
// into the document as text, one fact a line, to be compared with what a browser
// shows that nobody watches.
const facts = [];
const fact = (name, f) => {
  let x;
  try { x = f(); if (x instanceof Promise) x.catch(() => {}) } catch (e) { x = "throws " + e + " " + String(e.stack).replace(/:\d+:\d+/g, "") }
  facts.push(name + ": " + (typeof x === "string" ? x : JSON.stringify(x)));
};
const scope = typeof document === "object" ? "page" : "worker";

const inspect = (label, G, pristine) => {
  const asText = pristine.Function.prototype.toString;
  const places = {
    Document: ["cookie", "referrer"], CookieStore: ["set", "delete", "get", "getAll"], Storage: ["setItem", "getItem"],
    IDBFactory: ["open"], CacheStorage: ["open"], ServiceWorkerContainer: ["register"], Element: ["attachShadow", "shadowRoot"],
    ShadowRoot: ["mode"], Navigator: ["webdriver", "userAgent"], Function: ["toString"], Math: ["clz32"], console: ["trace", "debug"],
  };
  fact(label + " globals", () => Reflect.ownKeys(G).map(String).join());
  fact(label + " console commands", () => ["debug", "undebug", "monitor", "inspect", "$0", "$_", "keys", "copy"].filter((n) => n in G));
  for (const [name, members] of Object.entries(places)) {
    const holder = typeof G[name] === "function" ? G[name].prototype : G[name];
    if (!holder) { facts.push(`${label} ${name}: none`); continue; }
    fact(`${label} ${name} keys`, () => Reflect.ownKeys(holder).map(String).join());
    for (const member of members) {
      const d = Reflect.getOwnPropertyDescriptor(holder, member);
      fact(`${label} ${name}.${member} descriptor`, () => d && Object.fromEntries(Object.entries(d).map(([k, x]) => [k, typeof x])));
      for (const part of ["value", "get", "set"]) {
        const fn = d && d[part], at = `${label} ${name}.${member} ${part}`;
        if (typeof fn !== "function") continue;
        fact(at + " text", () => asText.call(fn) + fn + G.Function.prototype.toString.call(fn));
        fact(at + " text of its text", () => fn.toString.toString() + asText.call(asText));
        fact(at + " name", () => [fn.name, fn.length, Reflect.ownKeys(fn).map(String), Object.getOwnPropertyDescriptors(fn)]);
        fact(at + " prototype", () => [Object.getPrototypeOf(fn) === G.Function.prototype, "prototype" in fn, fn instanceof G.Function, Object.isExtensible(fn)]);
        fact(at + " of nothing", () => { const p = fn.call(null, 1, 1); if (p && p.catch) p.catch(() => {}) });
        fact(at + " of an object", () => { const p = fn.call({}, 1, 1); if (p && p.catch) p.catch(() => {}) });
        fact(at + " of its prototype", () => { const p = fn.call(holder, 1, 1); if (p && p.catch) p.catch(() => {}) });
        fact(at + " without arguments", () => { const p = fn.call({}); if (p && p.catch) p.catch(() => {}) });
        fact(at + " new", () => { new fn() });
        fact(at + " extended", () => { class X extends fn {} });
        fact(at + " circle", () => { try { Object.setPrototypeOf(fn, Object.create(fn)) } finally { Object.setPrototypeOf(fn, G.Function.prototype) } });
        fact(at + " created", () => { Object.create(fn).toString() });
        fact(at + " too deep", () => { let n = 0; const f = () => { n++; f() }; try { f() } catch (e) { return [e.name, typeof fn.name] } });
      }
    }
  }
};

// Whatever runs of the page's own code because of one call.
const ran = [], apply = Reflect.apply;
const run = (name) => { ran.push(name); };
const spy = (name, x) => new Proxy(x, new Proxy({}, {get: (_, trap) => (t, ...rest) => { run(`${name} ${trap} ${typeof rest[0] === "symbol" ? String(rest[0]) : rest[0]}`); return Reflect[trap](t, ...rest); }}));
const watched = (name, f) => {
  ran.length = 0;
  const undo = [];
  const change = (o, key, d) => { const old = Reflect.getOwnPropertyDescriptor(o, key); if (Reflect.defineProperty(o, key, {configurable: true, ...d})) undo.push(() => { delete o[key]; if (old) Reflect.defineProperty(o, key, old); }); };
  for (const key of ["toJSON", "0", "1", "n", "k", "t", "u", "v", "d", "seen"]) change(Object.prototype, key, {get() { run("Object.prototype." + key) }, set(x) { Reflect.defineProperty(this, key, {value: x, writable: true, enumerable: true, configurable: true}) }});
  const wrap = (o, key) => { const f = o[key]; change(o, key, {value: function (...a) { run("called " + String(key)); return apply(f, this, a); }}); };
  for (const key of ["indexOf", "includes", "slice", "trim", "replace", "toString"]) wrap(String.prototype, key);
  wrap(Array.prototype, Symbol.iterator); wrap(Promise.prototype, "then"); wrap(JSON, "stringify"); wrap(Date, "now"); wrap(Reflect, "apply"); wrap(Function.prototype, "apply");
  change(Promise.prototype, "constructor", {get() { run("Promise constructor"); return Promise; }});
  change(Promise, Symbol.species, {get() { run("Promise species"); return Promise; }});
  change(Error, "prepareStackTrace", {get() { run("prepareStackTrace"); }});
  change(Error, "stackTraceLimit", {get() { run("stackTraceLimit"); return 10; }});
  let result;
  try { result = f() } catch (e) { result = e }
  return Promise.resolve().then(() => 0).then(() => new Promise((r) => setTimeout(r, 20))).then(() => {
    const seen = [...ran].filter((x) => !/^called then|^Promise (constructor|species)/.test(x));
    for (const u of undo.reverse()) u();
    facts.push(`${name} ran: ${seen.join("; ")}`);
    return Promise.resolve(result).catch(() => 0);
  });
};

const stackInside = (set) => {
  let depth = "";
  try { set({toString() { depth = String(new Error().stack).replace(/:\d+:\d+/g, ""); return "inside=1"; }}) } catch (e) { depth += e }
  return depth;
};

const calls = async () => {
  const object = () => ({toString() { run("toString"); return "x=1" }, valueOf() { run("valueOf"); return "x=1" }, get [Symbol.toPrimitive]() { run("toPrimitive"); }});
  const getters = {get name() { run("get name"); return "g" }, get value() { run("get value"); return "1" }, get expires() { run("get expires"); return null }};
  if (scope === "page") {
    await watched("document.cookie text", () => { document.cookie = "w=1" });
    await watched("document.cookie object", () => { document.cookie = object() });
    await watched("document.cookie proxy", () => { document.cookie = spy("p", object()) });
    await watched("document.cookie symbol", () => { document.cookie = Symbol("x") });
    await watched("setItem object", () => localStorage.setItem(object(), object()));
    await watched("setItem proxy", () => localStorage.setItem(spy("p", object()), "1"));
    fact("stack inside document.cookie", () => stackInside((x) => { document.cookie = x }));
    fact("stack inside setItem", () => stackInside((x) => localStorage.setItem(x, x)));
    fact("stack limits", () => { Error.stackTraceLimit = 1; document.cookie = "l=1"; const n = Error.stackTraceLimit; Error.stackTraceLimit = 10; return n; });
    if (self.cookieStore) {
      let changes = 0;
      const changed = new Promise((r) => { cookieStore.onchange = () => { changes++; r() }; });
      await cookieStore.getAll(); // the browser has been told that somebody listens
      document.cookie = "changed=1";
      await Promise.race([changed, new Promise((r) => setTimeout(r, 5000))]);
      await cookieStore.getAll();
      await new Promise((r) => setTimeout(r, 100));
      facts.push("changes: " + changes);
      cookieStore.onchange = null;
    }
    const order = [];
    Promise.resolve().then(() => order.push("before")); document.cookie = "o=1"; Promise.resolve().then(() => order.push("after")); await 0;
    facts.push("order: " + order);
    const f = document.createElement("iframe");
    document.body.append(f);
    inspect("frame", f.contentWindow, window);
    inspect("page", window, f.contentWindow);
    const borrowed = Reflect.getOwnPropertyDescriptor(f.contentWindow.Document.prototype, "cookie").set;
    fact("borrowed", () => stackInside((x) => borrowed.call(document, x)));
    f.remove();
    fact("left behind", () => stackInside((x) => borrowed.call(document, x)));
    const closed = document.createElement("div"), root = closed.attachShadow({mode: "closed"});
    fact("closed root", () => [closed.shadowRoot === null, root.mode, root.host === closed]);
    const declared = document.createElement("div");
    declared.setHTMLUnsafe("<p><template shadowrootmode=closed><b>x</b></template></p>");
    document.body.append(declared);
    fact("declared root", () => [declared.firstChild.shadowRoot === null, declared.innerHTML, declared.getHTML({serializableShadowRoots: true})]);
    fact("closed root again", () => { closed.attachShadow({mode: "open"}) });
    await watched("attachShadow", () => { document.createElement("div").attachShadow({get mode() { run("get mode"); return "closed" }}) });
    await watched("attachShadow proxy", () => { document.createElement("div").attachShadow(spy("p", {mode: "closed"})) });
    fact("webdriver", () => [navigator.webdriver, Object.hasOwn(navigator, "webdriver"), "cdc_adoQpoasnfa76pfcZLmcfl_Array" in window]);
  } else {
    inspect("worker", self, self);
  }
  if (self.cookieStore) {
    await watched("cookieStore.set text", () => cookieStore.set("n", "v"));
    await watched("cookieStore.set objects", () => cookieStore.set(object(), object()));
    await watched("cookieStore.set getters", () => cookieStore.set(getters));
    await watched("cookieStore.set inherited", () => cookieStore.set(Object.create(getters)));
    await watched("cookieStore.set proxy", () => cookieStore.set(spy("p", {name: "n", value: "v"})));
    await watched("cookieStore.set proxy behind", () => cookieStore.set(Object.create(spy("p", {name: "n", value: "v"}))));
    await watched("cookieStore.set frozen", () => cookieStore.set(Object.freeze({name: "n", value: "v"})));
    const o = {name: "n", value: "v"};
    await watched("cookieStore.set plain", () => cookieStore.set(o));
    fact("cookieStore.set leaves", () => Reflect.ownKeys(o));
  }
  await watched("indexedDB.open object", () => indexedDB.open(object()));
  let looked = 0;
  const e = new Error("x");
  Object.defineProperty(e, "stack", {get() { looked++; return "" }});
  console.debug(e); console.log(spy("console", {}));
  facts.push("console looked: " + looked);
  await stacks();
};

// Whoever reads the stack of an error has the page's own function make it: an
// inspector might, of what is thrown or refused. What is printed is left out: that
// the console is listened to can be told in this way (see the README).
const stacks = async () => {
  const asked = [], old = Object.getOwnPropertyDescriptor(Error, "prepareStackTrace");
  let now = "";
  Error.prepareStackTrace = (e, sites) => { asked.push(now + " " + sites.length); return "" };
  const told = (e) => { for (const k of ["name", "message", "cause"]) Object.defineProperty(e, k, {get() { asked.push(now + " read " + k); return "" }}); return e };
  const ways = {
    thrown: () => { setTimeout(() => { throw new Error("x") }) },
    refused: () => { Promise.reject(new Error("x")) },
    late: () => { const p = Promise.reject(new Error("x")); setTimeout(() => p.catch(() => 0), 10); },
    told: () => { Promise.reject(told(new Error("x"))); setTimeout(() => { throw told(new Error("y")) }) },
  };
  const quiet = (e) => e.preventDefault();
  for (const type of ["error", "unhandledrejection"]) self.addEventListener(type, quiet);
  for (now of Object.keys(ways)) { ways[now](); await new Promise((r) => setTimeout(r, 30)); }
  for (const type of ["error", "unhandledrejection"]) self.removeEventListener(type, quiet);
  if (old) Object.defineProperty(Error, "prepareStackTrace", old); else delete Error.prepareStackTrace;
  facts.push("stacks asked for: " + asked);
};

const done = calls().catch((e) => facts.push("failed: " + e + e.stack)).then(() => facts);
if (scope === "page") {
  const w = new Worker("/detect.js"), heard = new Promise((r) => { w.onmessage = (e) => r(e.data); w.onerror = (e) => r(["worker failed: " + e.message]); });
  window.result = done.then(async (all) => {
    all = all.concat(await heard).map((x) => x.replace(/\s*\n\s*/g, " | "));
    document.querySelector("pre").textContent = all.join("\n");
    document.title = "done";
    fetch("/done" + location.search); // lets the load event come that a browser waits for that prints the page
    return all;
  });
} else {
  done.then((all) => postMessage(all.map((x) => "in a worker " + x)));
}

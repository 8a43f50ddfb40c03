// The probe looks at one document and reports what may be a consent banner. It
// decides nothing: geometry, semantics and words go to Go, which judges them.
// It is a function expression that is called with its options: {topic, hint, top,
// reopen, box}; with reopen it reports the controls, anywhere on the page, that may
// lead back to the choice; with box, a CSS selector, the first visible element that
// it fits.
(function (opt) {
  'use strict';
  // Limits keep the probe linear on hostile pages.
  const MAX_NODES = 60000, MAX_HITS = 60, MAX_CANDIDATES = 12, MAX_CONTROLS = 80, MAX_TEXT = 4000, MAX_LABEL = 160;
  const CONTROL = 'button,a,summary,input[type=button],input[type=submit],input[type=image],input[type=reset],' +
    'input[type=checkbox],input[type=radio],input[type=range],[role=button],[role=link],[role=switch],[role=checkbox],[role=radio],[role=menuitemcheckbox],[role=slider],[onclick]';
  // Switches that frameworks draw without saying so; what they are called and
  // that they show nothing but their state gives them away.
  const DRAWN = /(^|[\s_-])(toggle|switch|slider)/i;
  const NAMED = 'dialog[open],[role=dialog],[role=alertdialog],[id*=cookie i]:not(html,body),[class*=cookie i]:not(html,body),[id*=consent i]:not(html,body),[class*=consent i]:not(html,body),[id*=gdpr i]:not(html,body),[class*=gdpr i]:not(html,body),[role][aria-label*=cookie i],section[aria-label*=cookie i],aside[aria-label*=cookie i]';
  const FIELD = 'input[type=email],input[type=password],input[type=tel],input[type=text],input[type=date],input[type=number],input:not([type]),textarea';
  const SOFT = /[\u00ad\u2060\u200c\u200d]/g; // where a word may be broken
  const topic = new RegExp(opt.topic), speaks = (s) => topic.test(s.toLowerCase().replace(SOFT, '')), hint = new RegExp(opt.hint, 'i');
  const vw = innerWidth, vh = innerHeight;
  const none = { candidates: [], hidden: [], lang: '' };
  const FOOTER = 'footer,[role=contentinfo],[class*=footer i],[id*=footer i]';
  if (!document.body || !opt.top && (vw < 150 || vh < 40 || !frameShown())) return none;

  // The frame element and its ancestors can be seen where they are of this origin.
  function frameShown() {
    try {
      for (let w = window; w !== w.top; w = w.parent) {
        const f = w.frameElement;
        if (!f) return true;
        const s = w.parent.getComputedStyle(f);
        if (!f.checkVisibility({ opacityProperty: true, visibilityProperty: true }) || parseFloat(s.opacity) < 0.1) return false;
        const r = f.getBoundingClientRect();
        if (r.bottom <= 0 || r.right <= 0 || s.position === 'fixed' && (r.top >= w.parent.innerHeight || r.left >= w.parent.innerWidth)) return false;
      }
    } catch { /* of another origin: the parent's own probe reports hidden frames */ }
    return true;
  }

  // Transitions are driven by frames, which virtual time may not grant: a banner
  // that slides in would never come, one that fades out would seem to stay. What
  // has an end is brought to it.
  for (const a of document.getAnimations().slice(0, 200)) {
    try { if (a.effect.getComputedTiming().endTime !== Infinity) a.finish(); } catch { /* not to be finished */ }
  }

  const up = (n) => n.parentElement || (n.getRootNode() instanceof ShadowRoot ? n.getRootNode().host : null);
  const kids = (n) => n.shadowRoot ? n.shadowRoot.childNodes : n.localName === 'slot' && n.assignedNodes().length ? n.assignedNodes() : n.childNodes;
  const squeeze = (s) => s.replace(/\s+/g, ' ').trim();

  function visible(el) {
    if (!el.checkVisibility({ opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true })) return false;
    const r = el.getBoundingClientRect();
    if (r.width < 4 || r.height < 4) return false;
    // Off the screen: nothing scrolls there (left, above) or it is fixed.
    if (r.right <= 0 || r.bottom + scrollY <= 0 || r.left >= Math.max(vw, document.documentElement.scrollWidth)) return false;
    for (let n = el, fixed = false; n && n !== document.documentElement; n = up(n)) {
      const s = getComputedStyle(n);
      if (parseFloat(s.opacity) < 0.1) return false;
      if (s.clipPath === 'inset(50%)' || s.clipPath === 'inset(100%)' || /^rect\((0px|1px), \1, \1, \1\)$/.test(s.clip)) return false;
      if (s.position === 'fixed' && !fixed) {
        fixed = true;
        if (r.top >= vh || r.bottom <= 0 || r.left >= vw || r.right <= 0) return false;
      }
      if (n !== el && s.overflow === 'hidden' && (n.clientHeight === 0 || n.clientWidth === 0) && s.display !== 'inline' && s.display !== 'contents') return false;
    }
    return true;
  }

  // path names a node by its places among its siblings; -1 enters a shadow root.
  function path(el) {
    const p = [];
    for (let n = el; n && n !== document;) {
      const parent = n.parentNode;
      if (!parent) return null;
      p.unshift(Array.prototype.indexOf.call(parent.childNodes, n));
      if (parent instanceof ShadowRoot) { p.unshift(-1); n = parent.host; } else n = parent;
    }
    return p;
  }

  // What calls itself a dialog or after cookies, and where consent is spoken of.
  function hits() {
    const found = [], roots = [document.body];
    let budget = MAX_NODES;
    while (roots.length && budget > 0) {
      const root = roots.shift();
      if (root === document.body && root.shadowRoot) roots.push(root.shadowRoot);
      found.push(...Array.from(root.querySelectorAll(NAMED)).slice(0, MAX_HITS));
      for (const n of root.querySelectorAll('input[type=button],input[type=submit]')) if (speaks(n.value.slice(0, 100))) found.push(n);
      // Without a filter function: calling one for every node took ten times as long.
      const walk = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
      for (let n; budget-- > 0 && (n = walk.nextNode());) {
        if (n.length < 3 || !speaks(n.data.slice(0, 3000))) continue;
        const el = n.parentElement || n.getRootNode().host;
        if (el && !el.closest('script,style,template,noscript,svg,nav')) found.push(el);
      }
      let elements = 0;
      for (const n of root.querySelectorAll('*')) {
        if (n.shadowRoot) roots.push(n.shadowRoot);
        if (elements++ > MAX_NODES) break;
      }
    }
    const shown = [];
    for (const el of found) {
      if (shown.length >= MAX_HITS) break;
      if (el.checkVisibility({ opacityProperty: true, visibilityProperty: true })) shown.push(el);
    }
    return shown;
  }

  // Controls that speak of consent by their text or their markup, small ones that
  // float over the page, and whatever the footer offers.
  function reopeners() {
    const out = [], roots = [document.body];
    let budget = MAX_NODES;
    while (roots.length && budget > 0 && out.length < 2 * MAX_CONTROLS) {
      const root = roots.shift();
      if (root === document.body && root.shadowRoot) roots.push(root.shadowRoot);
      for (const el of root.querySelectorAll('*')) {
        if (budget-- < 0 || out.length >= 2 * MAX_CONTROLS) break;
        if (el.shadowRoot) roots.push(el.shadowRoot);
        const marked = hint.test(marks(el)), plainBox = !el.matches(CONTROL);
        if (plainBox && (!marked || el.childElementCount > 3 || getComputedStyle(el).cursor !== 'pointer' || el.querySelector(CONTROL) || el.closest(CONTROL))) continue;
        if (/checkbox|radio/.test(el.type || '')) continue;
        if (!marked && !speaks((el.textContent || el.value || '').slice(0, 200)) && !speaks((el.getAttribute('aria-label') || el.title || '').slice(0, 200)) && !el.closest(FOOTER) && !floats(el)) continue;
        const c = visible(el) && control(el);
        if (c) { c.marks = marks(el); c.floats = floats(el); out.push(c); }
      }
    }
    return out;
  }
  function floats(el) {
    for (let n = el, i = 0; n && i < 4; n = up(n), i++) {
      if (getComputedStyle(n).position === 'fixed') { const r = n.getBoundingClientRect(); return r.width < 260 && r.height < 160; }
    }
    return false;
  }

  // What kind of box an element is: the first that applies.
  function form(n) {
    const s = getComputedStyle(n), role = n.getAttribute('role');
    if (n.localName === 'dialog' || role === 'dialog' || role === 'alertdialog' || n.getAttribute('aria-modal') === 'true') return 'dialog';
    if (s.position === 'fixed' || s.position === 'sticky') return 'fixed';
    if (s.position === 'absolute' && parseInt(s.zIndex, 10) >= 10) return 'overlay';
    if (hint.test(marks(n))) return 'hinted';
    return '';
  }
  const marks = (n) => (n.id + ' ' + (n.getAttribute('class') || '') + ' ' + (n.getAttribute('aria-label') || '') + ' ' + n.localName).slice(0, 400);

  function text(root) {
    let out = '';
    const walk = (n, depth) => {
      if (out.length > MAX_TEXT || depth > 200) return;
      if (n.nodeType === Node.TEXT_NODE) { out += n.data; return; }
      if (n.nodeType !== Node.ELEMENT_NODE || /^(script|style|template|noscript|select)$/.test(n.localName)) return;
      if (n.localName !== 'slot' && !n.checkVisibility({ opacityProperty: true, visibilityProperty: true })) return;
      const block = n.localName === 'br' || !getComputedStyle(n).display.startsWith('inline');
      if (block) out += '\n';
      for (const k of kids(n)) walk(k, depth + 1);
      if (block) out += '\n';
    };
    walk(root, 0);
    return out.replace(/[^\S\n]+/g, ' ').replace(/ ?\n\s*/g, '\n').trim().slice(0, MAX_TEXT);
  }

  // What a button of an element of the page's own shows lies outside of it.
  const slotted = (n) => Array.from(n.querySelectorAll('slot')).slice(0, 5).flatMap((s) => s.assignedNodes({ flatten: true })).map((k) => k.textContent).join(' ');
  const plain = (n) => squeeze((n.innerText || n.textContent || n.value || slotted(n)).slice(0, 400));
  function name(el) {
    const by = (el.getAttribute('aria-labelledby') || '').split(/\s+/).map((id) => id && el.getRootNode().getElementById(id)).filter(Boolean).map(plain).join(' ');
    let label = by || el.getAttribute('aria-label') || '';
    if (!label && el.labels && el.labels.length) label = plain(el.labels[0]);
    if (!label && /^(button|submit|reset|image)$/.test(el.type) && el.localName === 'input') label = el.value || el.alt || '';
    label = label || (el.localName === 'input' ? '' : plain(el));
    if (!label) {
      const img = el.querySelector('img[alt],svg title');
      label = el.title || (img && (img.alt || img.textContent)) || '';
    }
    return squeeze(label).slice(0, MAX_LABEL);
  }

  function isDrawn(el) {
    if (/^(input|label|summary)$/.test(el.localName) || el.getAttribute('role') || !DRAWN.test(el.getAttribute('class') || '') || plain(el)) return false;
    // What draws the switch of an input, which counts itself.
    const around = el.closest('label') || el.parentElement;
    if (around && (around.localName === 'label' || around.querySelector('input[type=checkbox],input[type=radio],[role=switch],[role=checkbox]'))) return false;
    const r = el.getBoundingClientRect();
    return r.width > 0 && r.width <= 120 && r.height <= 60 && !el.querySelector(CONTROL) && (getComputedStyle(el).cursor === 'pointer' || el.localName === 'button');
  }

  function kind(el) {
    const role = el.getAttribute('role') || '', type = el.localName === 'input' ? el.type : '';
    if (type === 'radio' || role === 'radio') return 'radio';
    if (type === 'checkbox' || type === 'range' || isDrawn(el) || /^(switch|checkbox|menuitemcheckbox|slider)$/.test(role) || role === 'button' && el.hasAttribute('aria-checked')) return 'toggle';
    return el.localName === 'a' ? 'link' : 'button';
  }

  // A toggle's own input is often hidden and its label drawn in its place.
  function toggleShown(el) {
    if (visible(el)) return true;
    for (const l of el.labels || []) if (visible(l)) return true;
    const folded = el.closest('details:not([open])');
    if (folded && !el.closest('summary')) { // a click away, unless what is folded is a layer with buttons of its own
      const s = folded.querySelector('summary');
      return !!s && visible(s) && !folded.querySelector('button:not([role=switch]),input[type=button],input[type=submit],[role=button]');
    }
    let n = up(el);
    for (let i = 0; n && i < 2; i++, n = up(n)) if (visible(n) && n.getBoundingClientRect().height < 80) return true;
    return false;
  }
  function checked(el) {
    if (el.type === 'range') return Number(el.value) > Number(el.min || 0);
    if (el.localName === 'input') return el.checked;
    const said = el.getAttribute('aria-checked') || el.getAttribute('aria-pressed');
    if (said) return said === 'true';
    if (el.getAttribute('role') === 'slider') return Number(el.getAttribute('aria-valuenow')) > Number(el.getAttribute('aria-valuemin') || 0);
    return isDrawn(el) && /(^|[\s_-])(on|active|checked|enabled|selected)($|\s)/i.test(el.getAttribute('class')) || el.dataset.state === 'checked' || el.dataset.state === 'on';
  }
  const locked = (el) => el.disabled === true || el.readOnly === true && el.type !== 'text' || el.getAttribute('aria-disabled') === 'true' || !!el.closest('fieldset[disabled]');

  // What a row of a settings layer says about its toggle, where no label does.
  function row(el) {
    let n = up(el);
    for (let i = 0; n && i < 4; i++, n = up(n)) { const t = plain(n); if (t) return t.slice(0, MAX_LABEL); }
    return el.name || el.id || el.value || '';
  }

  function target(el) {
    if (el.localName !== 'a' || !el.hasAttribute('href')) return '';
    const raw = el.getAttribute('href').trim();
    if (raw === '' || raw.startsWith('#') || /^javascript:/i.test(raw)) return '';
    const page = location.href.split('#')[0];
    return el.href.split('#')[0] === page ? '' : String(el.href).slice(0, 2000);
  }

  function control(el) {
    const k = kind(el), r = el.getBoundingClientRect(), toggle = k === 'toggle' || k === 'radio';
    const c = { path: path(el), kind: k, name: name(el), text: toggle ? '' : plain(el).slice(0, MAX_LABEL), width: Math.round(r.width), height: Math.round(r.height) };
    if (!c.path) return null;
    if (toggle) {
      c.checked = checked(el); c.locked = locked(el); c.group = el.name || '';
      c.name = c.name || row(el);
    } else {
      c.locked = el.disabled === true || el.getAttribute('aria-disabled') === 'true';
      c.href = target(el);
    }
    return c;
  }

  // A list to choose from is to us what radio buttons are.
  function options(list) {
    if (list.multiple || list.options.length > 8) return []; // countries, languages
    const r = list.getBoundingClientRect();
    return Array.from(list.options, (o) => ({ path: path(o), kind: 'radio', name: squeeze(o.label || o.text).slice(0, MAX_LABEL), text: '', width: Math.round(r.width), height: Math.round(r.height),
      checked: o.selected, locked: list.disabled || o.disabled, group: list.name || list.id })).filter((c) => c.path);
  }

  // Every control below an element, shadow roots included, outermost first.
  function controls(root) {
    const found = [];
    let fields = 0, budget = 6000;
    const walk = (n, depth, pointer) => {
      if (n.nodeType !== Node.ELEMENT_NODE || depth > 200 || budget-- < 0 || found.length >= MAX_CONTROLS) return;
      const cursor = getComputedStyle(n).cursor === 'pointer';
      if (n.matches(FIELD)) { if (visible(n)) fields++; return; }
      if (n.localName === 'select') { if (visible(n)) found.push(...options(n)); return; }
      const isControl = n !== root && n.matches(CONTROL);
      // Frameworks attach listeners to plain elements; the pointer gives them away.
      const isPlain = !isControl && n !== root && isDrawn(n) || !isControl && n !== root && cursor && !pointer && n.localName !== 'label' && !n.querySelector(CONTROL) && plain(n).length > 0 && plain(n).length <= 60;
      if (isControl || isPlain) {
        const toggle = /toggle|radio/.test(kind(n));
        if (toggle ? toggleShown(n) : visible(n)) { const c = control(n); if (c) found.push(c); }
        if (!n.querySelector('input[type=checkbox],[role=switch]') && !n.shadowRoot) return;
      }
      for (const k of kids(n)) walk(k, depth + 1, cursor);
    };
    walk(root, 0, false);
    return { controls: found, fields };
  }

  function report(n, f) {
    const c = controls(n), r = n.getBoundingClientRect();
    if (!c.controls.length) return null;
    let ids = '';
    for (let m = n, i = 0; m && m !== document.body && i < 6; m = up(m), i++) ids += marks(m) + ' ';
    for (const d of n.querySelectorAll('[id]')) { if (ids.length > 1200) break; ids += d.id + ' '; }
    return { form: f, text: text(n), marks: ids.slice(0, 1500), controls: c.controls, fields: c.fields, x: Math.round(r.left), y: Math.round(r.top), width: Math.round(r.width), height: Math.round(r.height) };
  }

  // A box that holds the page itself is no banner: some sites put everything in
  // a fixed element.
  const pages = new Map();
  function isPage(n) {
    if (!pages.has(n)) pages.set(n, n === document.body || n === document.documentElement || !!n.querySelector('main,article,[role=main]') || (n.textContent || '').length > 40000);
    return pages.get(n);
  }

  // Some ask on a page of its own, which says little else.
  let short;
  function asks(n) {
    short ??= opt.top && !document.querySelector('nav,article') && document.body.innerText.length < 3000;
    return short && !n.closest('footer');
  }

  if (opt.reopen) return { ...none, reopeners: reopeners() };
  if (opt.box) return boxed();

  const candidates = [], seen = new Set();
  function add(n, f) {
    if (seen.has(n) || candidates.length >= MAX_CANDIDATES) return;
    seen.add(n);
    if (!visible(n) && !hasVisibleChild(n)) return;
    const c = report(n, f);
    if (c) candidates.push(c);
  }
  function boxed() {
    const roots = [document];
    for (let budget = MAX_NODES; roots.length && budget > 0;) {
      const root = roots.shift();
      let fits;
      try { fits = root.querySelectorAll(opt.box); } catch { return { ...none, bad: true }; }
      for (const n of fits) {
        if (!visible(n) && !hasVisibleChild(n)) continue;
        const c = report(n, form(n) || 'static') || { form: form(n) || 'static', text: text(n), marks: marks(n), controls: [] };
        c.path = path(n);
        c.label = plain(n).slice(0, MAX_LABEL);
        return { ...none, candidates: [c], lang: document.documentElement.lang || '' };
      }
      for (const n of root.querySelectorAll('*')) { if (n.shadowRoot) roots.push(n.shadowRoot); if (budget-- < 0) break; }
    }
    return none;
  }
  // A container without a box of its own may hold fixed children.
  function hasVisibleChild(n) {
    let i = 0;
    for (const k of kids(n)) if (k.nodeType === Node.ELEMENT_NODE && i++ < 20 && visible(k)) return true;
    return false;
  }

  for (const hit of hits()) {
    let statics = 0;
    for (let n = hit, i = 0; n && n !== document.body && i < 40 && !isPage(n); n = up(n), i++) {
      const f = form(n);
      if (f) add(n, f);
      else if (statics < 3 && (!n.closest('main,article,footer,nav') || asks(n)) && n.querySelector && n.querySelector(CONTROL)) { statics++; add(n, 'static'); }
    }
  }
  if (!opt.top && speaks(document.body.textContent.slice(0, 20000))) add(document.body, 'frame');

  const hidden = [];
  for (const f of document.querySelectorAll('iframe[src]')) if (hidden.length < 30 && !visible(f)) hidden.push(f.src);
  return { candidates, hidden, lang: document.documentElement.lang || '' };
})

// Acts on controls that the probe found. A control is named by its path and by
// what it says, so that a page that has changed meanwhile is not clicked at
// random. Called with [{path, text, set}, …], set being "on" or "off" for
// switches that are not so yet; returns how many were clicked. With aim it
// clicks nothing, but returns the first one's element where a mouse would hit it.
(function (targets, aim) {
  'use strict';
  const squeeze = (s) => s.replace(/\s+/g, ' ').trim();
  const slotted = (n) => Array.from(n.querySelectorAll('slot')).slice(0, 5).flatMap((s) => s.assignedNodes({ flatten: true })).map((k) => k.textContent).join(' ');
  const plain = (n) => squeeze((n.innerText || n.textContent || n.value || slotted(n)).slice(0, 400)).slice(0, 160);
  function resolve(path) {
    let n = document;
    for (const i of path) {
      n = i === -1 ? n.shadowRoot : n.childNodes[i];
      if (!n) return null;
    }
    return n;
  }
  function press(el) {
    const r = el.getBoundingClientRect();
    const at = { bubbles: true, cancelable: true, composed: true, view: window, button: 0, detail: 1, clientX: r.left + r.width / 2, clientY: r.top + r.height / 2 };
    const down = { ...at, pointerId: 1, pointerType: 'mouse', isPrimary: true, buttons: 1 };
    el.dispatchEvent(new PointerEvent('pointerdown', down));
    el.dispatchEvent(new MouseEvent('mousedown', { ...at, buttons: 1 }));
    if (el.focus) el.focus({ preventScroll: true });
    el.dispatchEvent(new PointerEvent('pointerup', { ...down, buttons: 0 }));
    el.dispatchEvent(new MouseEvent('mouseup', at));
    el.click();
  }
  // A list is opened and an entry chosen from it: its own click does nothing.
  function choose(option) {
    option.selected = true;
    for (const type of ['input', 'change']) option.closest('select').dispatchEvent(new Event(type, { bubbles: true }));
  }
  // Some let nobody answer who has not scrolled their text to its end.
  function readToEnd(el) {
    for (let box = el.parentElement, i = 0; box && box !== document.body && i < 4; box = box.parentElement, i++) {
      for (const n of Array.from(box.querySelectorAll('*')).slice(0, 500)) {
        if (n.scrollHeight > n.clientHeight + 4 && /auto|scroll/.test(getComputedStyle(n).overflowY)) {
          n.scrollTop = n.scrollHeight;
          n.dispatchEvent(new Event('scroll'));
        }
      }
    }
  }
  // A slider is moved, not clicked.
  function slide(el, to) {
    el.value = to === 'on' ? el.max || 100 : el.min || 0;
    for (const type of ['input', 'change']) el.dispatchEvent(new Event(type, { bubbles: true }));
  }
  // What an input or an ARIA state says of a switch now; null where neither does.
  function state(el) {
    if (el.localName === 'option') return el.selected ? 'on' : 'off';
    const said = el.type === 'checkbox' || el.type === 'radio' ? String(el.checked) : el.getAttribute('aria-checked') || el.getAttribute('aria-pressed');
    return said ? (said === 'true' ? 'on' : 'off') : null;
  }
  // hit returns an element that nothing else covers, an advert for example.
  function hit(el) {
    el.scrollIntoView({ block: 'center', behavior: 'instant' });
    const r = el.getBoundingClientRect(), x = r.left + r.width / 2, y = r.top + r.height / 2;
    const meets = (root, own) => { const at = root.elementFromPoint(x, y); return !!at && (own.contains(at) || at.contains(own) && at.matches('a,button,[role=button]')); };
    for (let n = el, root = el.getRootNode(); ; n = root.host, root = n.getRootNode()) {
      if (!meets(root, n)) return null;
      if (!(root instanceof ShadowRoot)) return el;
    }
  }
  // All are found before the first is clicked: a click may redraw the page.
  const found = targets.map((t) => {
    const el = resolve(t.path);
    return el && el.nodeType === Node.ELEMENT_NODE && (t.set || plain(el) === t.text) ? { el, set: t.set } : null;
  });
  if (aim) return found[0] && hit(found[0].el);
  let n = 0;
  for (const f of found) {
    // A master switch may have turned this one off already.
    if (!f || f.set && state(f.el) === f.set) continue;
    const folded = f.set && f.el.closest('details:not([open])');
    if (folded && !f.el.closest('summary')) { press(folded.querySelector('summary')); n++; }
    if (f.el.disabled || f.el.getAttribute('aria-disabled') === 'true') readToEnd(f.el);
    if (f.el.localName === 'option') choose(f.el);
    else if (f.set && f.el.type === 'range') slide(f.el, f.set);
    else press(f.el);
    n++;
  }
  return n;
})

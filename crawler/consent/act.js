// Acts on controls that the probe found. A control is named by its path and by
// what it says, so that a page that has changed meanwhile is not clicked at
// random. Called with [{path, text, set}, …], set being "on" or "off"
// for switches; returns how many were clicked.
(function (targets) {
  'use strict';
  const squeeze = (s) => s.replace(/\s+/g, ' ').trim();
  const plain = (n) => squeeze((n.innerText || n.textContent || n.value || '').slice(0, 400)).slice(0, 160);
  const checked = (el) => el.localName === 'input' ? el.checked : el.getAttribute('aria-checked') === 'true';
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
  // All are found before the first is clicked: a click may redraw the page.
  const found = targets.map((t) => {
    const el = resolve(t.path);
    return el && el.nodeType === Node.ELEMENT_NODE && (t.set || plain(el) === t.text) ? { el, set: t.set } : null;
  });
  let n = 0;
  for (const f of found) {
    // A master switch may have turned this one off already.
    if (!f || f.set && checked(f.el) === (f.set === 'on')) continue;
    press(f.el);
    n++;
  }
  return n;
})

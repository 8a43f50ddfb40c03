// Measures what a banner looks like: its box, and of each control its place, the
// font of its text and the colours that the text and what lies behind it come to.
// Called with [{path}, …], the controls; looks only.
(function (targets) {
  'use strict';
  const up = (n) => n.parentElement || (n.getRootNode() instanceof ShadowRoot ? n.getRootNode().host : null);
  function resolve(path) {
    let n = document;
    for (const i of path) {
      n = i === -1 ? n.shadowRoot : n.childNodes[i];
      if (!n) return null;
    }
    return n.nodeType === Node.ELEMENT_NODE ? n : null;
  }
  // Any CSS colour as [r, g, b, alpha]: what is not plain rgb is drawn and read.
  let pen = null;
  function colour(text) {
    const m = /^rgba?\((\d+), (\d+), (\d+)(?:, ([\d.]+))?\)$/.exec(text);
    if (m) return [+m[1], +m[2], +m[3], m[4] === undefined ? 1 : +m[4]];
    pen = pen || new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
    pen.clearRect(0, 0, 1, 1);
    pen.fillStyle = text;
    pen.fillRect(0, 0, 1, 1);
    const d = pen.getImageData(0, 0, 1, 1).data;
    return [d[0], d[1], d[2], d[3] / 255];
  }
  const over = (top, below) => [0, 1, 2].map((i) => top[i] * top[3] + below[i] * (1 - top[3]));
  // The colour behind an element: the layers of its ancestors, up to one that lets
  // nothing through; null where an image, a filter or a half-faded box is among them.
  function behind(el, top) {
    const layers = [];
    for (let n = el; n; n = up(n)) {
      const s = getComputedStyle(n);
      if (s.backgroundImage !== 'none' || s.backdropFilter !== 'none' && s.backdropFilter || s.filter !== 'none' || s.mixBlendMode !== 'normal' || s.opacity !== '1') return null;
      const c = colour(s.backgroundColor);
      if (c[3] > 0) layers.push(c);
      if (c[3] === 1) return layers.reverse().slice(1).reduce((below, l) => over(l, below), c.slice(0, 3));
    }
    // The canvas is white; that of a frame may show the page around it.
    return top ? layers.reverse().reduce((below, l) => over(l, below), [255, 255, 255]) : null;
  }
  // The element that holds the first text of a control.
  function texted(el) {
    if (el.localName === 'input') return el.value ? el : null;
    const walk = document.createTreeWalker(el.shadowRoot || el, NodeFilter.SHOW_TEXT);
    for (let n, i = 0; i < 50 && (n = walk.nextNode()); i++) if (n.data.trim() && n.parentElement && n.parentElement.checkVisibility()) return n.parentElement;
    return null;
  }
  const top = window === window.top, hex = (c) => '#' + c.map((x) => Math.round(x).toString(16).padStart(2, '0')).join('');
  const places = targets.map((t) => {
    const el = resolve(t.path);
    if (!el) return null;
    const r = el.getBoundingClientRect(), out = { x: Math.round(r.left), y: Math.round(r.top), size: 0, weight: 0, color: '', background: '' };
    const text = /^(checkbox|radio)$/.test(el.type || '') ? null : texted(el);
    if (!text) return out;
    const s = getComputedStyle(text);
    out.size = Math.round(parseFloat(s.fontSize) * 100) / 100;
    out.weight = parseInt(s.fontWeight, 10) || 0;
    const back = behind(text, top);
    if (back) {
      out.background = hex(back);
      out.color = hex(over(colour(s.color), back));
    }
    return out;
  });
  return { places, width: innerWidth, height: innerHeight };
})

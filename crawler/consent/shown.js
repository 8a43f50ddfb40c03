// Tells what came to be seen in a document, closed shadow roots that were revealed
// included. Called with false it notes the elements that are visible now, with true
// it returns the HTML of those that have become so since, outermost ones only.
(function (after) {
  'use strict';
  const MAX_NODES = 60000, MAX_HTML = 4 << 20;
  const seen = globalThis.shownBefore;
  if (after && !seen) return ''; // another document by now
  const now = new WeakSet(), out = [];
  let nodes = 0, size = 0;
  const walk = (root) => {
    const todo = Array.from(root.children).reverse();
    while (todo.length && nodes++ < MAX_NODES && size < MAX_HTML) {
      const el = todo.pop();
      if (!el.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
      now.add(el);
      if (after && !seen.has(el) && !/^(body|html)$/.test(el.localName)) {
        // What is in a shadow tree does not stand in the HTML of its host.
        const html = el.outerHTML;
        out.push(html);
        size += html.length;
        for (const host of [el, ...el.querySelectorAll('*')].slice(0, MAX_NODES)) {
          if (host.shadowRoot) out.push(host.shadowRoot.innerHTML);
        }
        continue;
      }
      if (el.shadowRoot) walk(el.shadowRoot);
      todo.push(...Array.from(el.children).reverse());
    }
  };
  walk(document);
  if (!after) globalThis.shownBefore = now;
  return out.join('\n').slice(0, MAX_HTML);
})

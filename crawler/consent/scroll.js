// Whether the page is kept from scrolling: a lock may lie on the root, on the body,
// or pin the body. null where there is no body.
(function () {
  'use strict';
  const root = document.documentElement, body = document.body;
  if (!body) return null;
  const held = (el) => /^(hidden|clip)$/.test(getComputedStyle(el).overflowY);
  if (held(root) || held(body) && getComputedStyle(root).overflowY === 'visible' || getComputedStyle(body).position === 'fixed') return true;
  return false;
})()

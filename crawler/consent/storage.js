// The origin's web storage, bounded: what a banner writes there is small. Runs in
// an isolated world, where the page cannot have replaced the getters.
(function () {
  'use strict';
  const out = [];
  for (const kind of ['localStorage', 'sessionStorage']) {
    try {
      const s = window[kind];
      for (let i = 0; i < s.length && out.length < 300; i++) {
        const key = s.key(i), value = s.getItem(key);
        if (key.length <= 200 && value.length <= 4096) out.push({ kind, key, value });
      }
    } catch { /* opaque origins and blocked storage have none */ }
  }
  return out;
})()

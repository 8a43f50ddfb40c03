// The web storage of the document's origin, read in a world of our own. Each
// area is asked for by itself: one that is refused must not hide the other.
(() => {
  const out = {origin: location.origin, local: {}, session: {}};
  const copy = (area, into) => {
    for (let i = 0; i < area.length; i++) {
      const k = area.key(i);
      if (k !== null) into[k] = area.getItem(k);
    }
  };
  try { copy(localStorage, out.local) } catch { /* refused to an opaque origin */ }
  try { copy(sessionStorage, out.session) } catch { /* likewise */ }
  return out;
})()

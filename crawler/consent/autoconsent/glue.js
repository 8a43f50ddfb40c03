// Runs in the scope of the script, which asks through messages: they are kept
// until they are fetched.
const messages = [], instance = new module.exports.default(async (m) => { if (m.type !== 'report' && messages.length < 1000) messages.push(m); });
instance.initialize({
  // Nothing is answered unasked, nothing is hidden in place of an answer, and no
  // notice is acknowledged where a refusal was meant.
  enabled: true, autoAction: null, enablePrehide: false, enableCosmeticRules: false, enableHeuristicDetection: false, heuristicMode: 'reject',
  enableGeneratedRules: true, detectRetries: 20, isMainWorld: false,
}, { autoconsent: rules });
// says reports whether a visitor can see any text in a box: an empty frame often
// stays behind.
const says = (box) => [box, ...box.querySelectorAll('*')].slice(0, 2000).some((e) =>
  [...e.childNodes].some((n) => n.nodeType === Node.TEXT_NODE && n.data.trim()) && e.checkVisibility({ opacityProperty: true, visibilityProperty: true }));
globalThis.autoconsent = {
  // again repeats that a popup was found, for one who asks anew.
  again() {
    if (instance.foundCmp) messages.push({ type: 'popupFound', cmp: instance.foundCmp.name });
  },
  fetch: () => messages.splice(0).map((m) => ({ type: m.type, cmp: m.cmp || '', id: m.id || '', code: m.code || '', result: m.result === true, clicks: m.totalClicks || 0 })),
  tell: (m) => { instance.receiveMessageCallback(m); return 0; },
  // look finds out whether the popup that was answered is still open: whether
  // what its rule looks for can be seen, else what the rule says. An error is no
  // proof that it went.
  open: false,
  look() {
    const cmp = instance.foundCmp;
    if (!cmp) return 0;
    const selectors = ((cmp.rule && cmp.rule.detectPopup) || []).map((s) => s.visible).filter((s) => typeof s === 'string');
    try {
      const boxes = selectors.flatMap((s) => [...document.querySelectorAll(s)]).concat((cmp.popups || []).map((p) => p.element));
      this.open = boxes.some((b) => b && b.isConnected && says(b));
      if (selectors.length || boxes.length) return 0;
    } catch { /* a selector of the script's own kind */ }
    cmp.detectPopup().then((yes) => { this.open = !!yes; }, () => { this.open = true; });
    return 0;
  },
};

// Runs in the scope of the script, which asks through messages: they are kept
// until they are fetched.
const messages = [], instance = new module.exports.default(async (m) => { if (m.type !== 'report' && messages.length < 1000) messages.push(m); });
instance.initialize({
  // Nothing is answered unasked, nothing is hidden in place of an answer, and no
  // notice is acknowledged where a refusal was meant.
  enabled: true, autoAction: null, enablePrehide: false, enableCosmeticRules: false, enableHeuristicDetection: true, heuristicMode: 'reject',
  enableGeneratedRules: true, detectRetries: 20, isMainWorld: false,
}, { autoconsent: rules });
globalThis.autoconsent = {
  fetch: () => messages.splice(0).map((m) => ({ type: m.type, cmp: m.cmp || '', id: m.id || '', code: m.code || '', result: m.result === true, clicks: m.totalClicks || 0 })),
  tell: (m) => { instance.receiveMessageCallback(m); return 0; },
  // look asks whether the popup that was answered is still open; an error is no
  // proof that it went, an answer that does not come waits for it in vain.
  open: false,
  look() {
    if (instance.foundCmp) instance.foundCmp.detectPopup().then((yes) => { this.open = !!yes; }, () => { this.open = true; });
    return 0;
  },
};

// Finds the first visible element that a selector fits, open shadow roots
// included, and acts on it as a visitor would. It runs in a world of our own,
// where setting a field's value goes past what the page has put in its way.
((selector, action, value, secret) => {
  const all = (root) => {
    const found = [...root.querySelectorAll(selector)];
    for (const e of root.querySelectorAll("*")) if (e.shadowRoot) found.push(...all(e.shadowRoot));
    return found;
  };
  let candidates;
  try { candidates = all(document) } catch { return "selector" }
  const el = candidates.find((e) => e.getClientRects().length > 0 && getComputedStyle(e).visibility !== "hidden");
  if (!el) return "none";
  if (action === "find") return "done";
  el.scrollIntoView({block: "center"});
  if (action === "click") {
    if (el.disabled) return "none";
    el.focus();
    el.click();
    return "done";
  }
  if (el.type === "password" && !secret) return "plain";
  el.focus();
  if (el.isContentEditable) el.textContent = value;
  else if (el.type === "checkbox" || el.type === "radio") { if (el.checked !== (value !== "" && value !== "false")) el.click(); return "done" }
  else el.value = value;
  el.dispatchEvent(new InputEvent("input", {bubbles: true, composed: true, inputType: "insertText"}));
  el.dispatchEvent(new Event("change", {bubbles: true}));
  return "done";
})

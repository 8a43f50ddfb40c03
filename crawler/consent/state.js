// Reads what the page's own scripts say of consent, in the page's world: every
// answer is hearsay and is bounded and judged in Go. Nothing here may wait for a
// timer: the page's clock may stand still. Callbacks that come at once or in a
// microtask are heard.
(async function () {
  'use strict';
  const state = { tcf: null, gpp: [], gppText: '', gppApplicable: [], usp: '', modeUpdates: [], mode: {}, modeRegions: [], modeAfterTag: null, managers: [] };
  const attempt = (f) => { try { f(); } catch { /* the page's own fault */ } };
  const flags = (o) => {
    const out = {};
    for (const k of Object.keys(o || {}).slice(0, 200)) out[String(k).slice(0, 80)] = o[k] === true || o[k] === 'true' || o[k] === 1;
    return out;
  };
  const manager = (name, decided, choices) => state.managers.push({ name, decided: !!decided, choices: flags(choices) });

  attempt(() => {
    if (typeof window.__tcfapi !== 'function') return;
    window.__tcfapi('getTCData', 2, (d, ok) => {
      if (ok && d) state.tcf = { status: String(d.eventStatus || ''), applies: d.gdprApplies !== false, purposes: flags(d.purpose && d.purpose.consents), text: String(d.tcString || '').slice(0, 65536) };
    });
  });
  attempt(() => {
    if (typeof window.__gpp !== 'function') return;
    window.__gpp('ping', (d) => {
      state.gppText = String((d && d.gppString) || '').slice(0, 65536);
      state.gppApplicable = Array.from((d && d.applicableSections) || []).slice(0, 30).map(Number).filter(Number.isInteger);
      for (const [section, v] of Object.entries((d && d.parsedSections) || {}).slice(0, 20)) {
        for (const part of Array.isArray(v) ? v : [v]) {
          for (const [k, x] of Object.entries(part || {}).slice(0, 60)) if (/OptOut$/.test(k)) state.gpp.push({ section: section.slice(0, 40), key: k.slice(0, 60), value: Number(x) || 0 });
        }
      }
    });
  });
  attempt(() => {
    if (typeof window.__uspapi === 'function') window.__uspapi('getUSPData', 1, (d, ok) => { if (ok && d) state.usp = String(d.uspString || '').slice(0, 20); });
  });
  // Tags work the layer off in its order: a default that stands behind a command
  // for one came too late for it. Google's own cut the layer to 300 entries, from
  // its beginning: whether one stood there is then not known.
  attempt(() => {
    const layer = Array.from(window.dataLayer || []).slice(0, 2000);
    let tag = layer.length >= 300 ? null : false;
    for (const e of layer) {
      if (e && (e['gtm.start'] || e[0] === 'config' || e[0] === 'event')) tag = true;
      if (!e || e[0] !== 'consent' || !e[2]) continue;
      const values = {}, { region } = e[2];
      for (const k of Object.keys(e[2]).slice(0, 20)) if (k !== 'region' && k !== 'wait_for_update') values[k.slice(0, 60)] = String(e[2][k]).slice(0, 20);
      if (e[1] === 'update') state.modeUpdates.push(values);
      else if (e[1] !== 'default') continue;
      else if (region) state.modeRegions.push({ states: values, regions: [region].flat().slice(0, 300).map((r) => String(r).slice(0, 10)), afterTag: tag });
      else {
        Object.assign(state.mode, values);
        state.modeAfterTag ??= tag;
      }
    }
    state.modeUpdates = state.modeUpdates.slice(-50);
    state.modeRegions = state.modeRegions.slice(0, 20);
  });

  attempt(() => {
    const m = window.klaro && window.klaro.getManager && window.klaro.getManager();
    if (!m) return;
    const choices = {};
    for (const s of (m.config.services || m.config.apps || []).slice(0, 200)) if (!s.required) choices[s.name] = m.consents[s.name];
    manager('Klaro', m.confirmed, choices);
  });
  attempt(() => {
    const c = window.CookieConsent;
    if (!c || !c.getUserPreferences) return;
    const p = c.getUserPreferences(), choices = {};
    for (const k of p.rejectedCategories || []) choices[k] = false;
    for (const k of p.acceptedCategories || []) if (!/necessary/i.test(k)) choices[k] = true;
    manager('vanilla CookieConsent', c.validConsent(), choices);
  });
  attempt(() => {
    const t = window.tarteaucitron;
    if (t && t.state) manager('tarteaucitron', Object.values(t.state).every((v) => v !== 'wait'), t.state);
  });
  attempt(() => {
    const o = window.orejime, m = o && o.manager, choices = {};
    if (!m || !m.getAllConsents) return;
    const all = m.getAllConsents();
    const walk = (purposes) => { for (const p of (purposes || []).slice(0, 200)) if (p.purposes) walk(p.purposes); else if (!p.isMandatory && !p.isExempt) choices[p.id] = all[p.id]; };
    walk(o.config && o.config.purposes);
    manager('Orejime', !m.isDirty(), choices);
  });
  attempt(() => {
    const c = window.Cookiebot;
    if (c && c.consent) manager('Cookiebot', c.hasResponse, { preferences: c.consent.preferences, statistics: c.consent.statistics, marketing: c.consent.marketing });
  });
  attempt(() => {
    if (typeof window.OnetrustActiveGroups !== 'string' || !window.OneTrust) return;
    const choices = {};
    for (const g of (window.OneTrust.GetDomainData().Groups || []).slice(0, 50)) {
      const id = g.CustomGroupId || g.OptanonGroupId;
      if (id && !/always active/i.test(g.Status || '')) choices[id] = window.OnetrustActiveGroups.split(',').includes(id);
    }
    manager('OneTrust', window.OneTrust.IsAlertBoxClosed(), choices);
  });
  attempt(() => {
    const d = window.Didomi;
    if (!d || !d.getCurrentUserStatus) return;
    const choices = {};
    for (const p of Object.values(d.getCurrentUserStatus().purposes || {}).slice(0, 100)) choices[p.id] = p.enabled;
    manager('Didomi', !d.isUserConsentStatusPartial(), choices);
  });
  attempt(() => {
    const u = window.UC_UI;
    if (!u || !u.getServicesBaseInfo) return;
    const choices = {};
    for (const s of u.getServicesBaseInfo().slice(0, 200)) if (!s.isEssential) choices[s.name] = s.consent && s.consent.status;
    manager('Usercentrics', !u.isConsentRequired(), choices);
  });

  for (let i = 0; i < 50; i++) await null;
  return state;
})()

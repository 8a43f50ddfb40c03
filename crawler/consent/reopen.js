// Opens the choice by the interface that a consent manager offers to scripts,
// and names it; empty where there is none. Runs in the page's own world.
(function () {
  'use strict';
  const ways = [
    ['Cookiebot.renew', () => window.Cookiebot.renew],
    ['OneTrust.ToggleInfoDisplay', () => window.OneTrust.ToggleInfoDisplay],
    ['Didomi.preferences.show', () => window.Didomi.preferences.show],
    ['UC_UI.showSecondLayer', () => window.UC_UI.showSecondLayer],
    ['klaro.show', () => window.klaro.show],
    ['orejime.prompt', () => window.orejime.prompt],
    ['tarteaucitron.userInterface.openPanel', () => window.tarteaucitron.userInterface.openPanel],
    ['CookieConsent.showPreferences', () => window.CookieConsent.showPreferences],
    ['_iub.cs.api.openPreferences', () => window._iub.cs.api.openPreferences],
    ['Osano.cm.showDrawer', () => window.Osano.cm.showDrawer],
    ['Termly.displayPreferences', () => window.displayPreferenceModal],
    ['revisitCkyConsent', () => window.revisitCkyConsent],
    ['__cmp showScreenAdvanced', () => typeof window.__cmp === 'function' && (() => window.__cmp('showScreenAdvanced'))],
    ['googlefc.showRevocationMessage', () => window.googlefc.showRevocationMessage],
    ['__tcfapi displayConsentUi', () => typeof window.__tcfapi === 'function' && (() => window.__tcfapi('displayConsentUi', 2, () => {}))],
  ];
  for (const [name, get] of ways) {
    try {
      const f = get();
      if (typeof f !== 'function') continue;
      const path = name.split('.').slice(0, -1);
      f.call(path.reduce((o, k) => (o ? o[k] : o), window) || window);
      return name;
    } catch { /* not there, or it throws */ }
  }
  return '';
})()

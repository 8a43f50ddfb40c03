(() => {
  // The globals by which consent managers are asked, as their documentation has
  // them. A page without the manager throws, and the entry stays out.
  const longest = 4 << 20;
  const found = {};
  const put = (name, read) => {
    try {
      const value = read();
      if (value) found[name] = value;
    } catch {}
  };
  const tables = (o) => Object.fromEntries(Object.entries(o).filter(([k]) => /^cookieTable[A-Z]/.test(k)));
  put('OneTrust', () => window.OneTrust.GetDomainData());
  put('Cookiebot', () => tables(window.CookieConsentDialog));
  put('Klaro', () => window.klaroConfig || window.klaro.getManager().config);
  put('Orejime', () => window.orejimeConfig || window.orejime.config);
  put('CookieConsent', () => window.CookieConsent.getConfig());
  put('CookieYes', () => window._ckyConfig || window._ckyStore);
  put('Usercentrics', () => window.UC_UI.getServicesBaseInfo());
  put('tarteaucitron', () => window.tarteaucitron.job.map((key) => {
    const { type, name, cookies } = window.tarteaucitron.services[key];
    return { type, name, cookies: Array.isArray(cookies) ? cookies : [] };
  }));
  let config = '';
  try {
    config = JSON.stringify(found, (_, v) => (v instanceof RegExp ? String(v) : v)).slice(0, longest);
  } catch {}
  const layers = '#CybotCookiebotDialog, #onetrust-pc-sdk, .cky-modal, #tarteaucitronRoot, #klaro, #cc-main, #BorlabsCookieBox, #cmplz-cookiebanner-container, .orejime-Main';
  const layer = [...document.querySelectorAll(layers)].map((e) => e.outerHTML).join('\n').slice(0, longest);
  return { config, layer };
})()

// What the visitor's browser tells scripts of the visitor's wishes, as a browser
// that has them built in does: properties of the navigator's prototype.
(() => {
  const wishes = %WISHES%;
  const N = globalThis.Navigator || globalThis.WorkerNavigator;
  if (!N) return;
  for (const name of Object.keys(wishes)) {
    const get = {get [name]() { return wishes[name] }};
    Object.defineProperty(N.prototype, name, {...Object.getOwnPropertyDescriptor(get, name), set: undefined, enumerable: true, configurable: true});
  }
})();

/** Members of Electron's modules that the stand-in has not, and those that do nothing. */

/** Any use throws, so that a test cannot pass on something the stand-in only pretends to do. */
export function notImplemented(name: string): never {
  const fail = (member: string) => {
    throw new Error(`${name}${member} is not implemented by the electron stand-in (tests/support/electron-stand-in)`);
  };
  const target = function missing() {};
  return new Proxy(target, {
    // Symbols and `then` are asked for by await, util.inspect and Playwright without anybody meaning to use them.
    get: (_, key) => (typeof key === 'symbol' || key === 'then' ? undefined : () => fail(`.${key}`)),
    construct: () => fail(''),
    apply: () => fail('()'),
  }) as never;
}

/** Gives a prototype methods that do nothing: what they would change cannot be seen from a page. */
export function addSilentMethods(prototype: object, names: readonly string[]): void {
  for (const name of names) Object.defineProperty(prototype, name, { writable: true, value: () => undefined });
}

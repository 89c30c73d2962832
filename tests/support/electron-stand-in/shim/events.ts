/** Electron's event objects: an event whose default can be prevented; and what a closed window does when called. */
import { EventEmitter } from 'node:events';

export interface PreventableEvent {
  readonly defaultPrevented: boolean;
  preventDefault(): void;
}

export function createEvent<Fields extends object>(fields: Fields): Fields & PreventableEvent {
  let prevented = false;
  const preventDefault = () => {
    prevented = true;
  };
  return Object.defineProperty({ ...fields, preventDefault, defaultPrevented: false }, 'defaultPrevented', {
    enumerable: true,
    get: () => prevented,
  });
}

/** Emits, and says whether the listeners let the default happen. */
export function allows(emitter: EventEmitter, name: string, ...args: unknown[]): boolean {
  const event = createEvent({ sender: emitter });
  emitter.emit(name, event, ...args);
  return !event.defaultPrevented;
}

/** Makes every method of a closed window throw, as Electron's do: sending to a closed window is a common fault. */
export function destroy(target: EventEmitter, still: readonly string[]): void {
  const dead = () => {
    throw new TypeError('Object has been destroyed');
  };
  let level: object = Object.getPrototypeOf(target);
  while (level !== EventEmitter.prototype) {
    for (const [name, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(level))) {
      if (name === 'constructor' || still.includes(name)) continue;
      Object.defineProperty(
        target,
        name,
        'get' in descriptor ? { configurable: true, get: dead } : { configurable: true, value: dead },
      );
    }
    level = Object.getPrototypeOf(level);
  }
}

/** As much of Node's `events` as a sandboxed preload has. */

type Listener = (...args: unknown[]) => void;

export class EventEmitter {
  #listeners = new Map<string, { listener: Listener; once: boolean }[]>();

  on(name: string, listener: Listener): this {
    this.#listeners.set(name, [...this.#of(name), { listener, once: false }]);
    return this;
  }

  once(name: string, listener: Listener): this {
    this.#listeners.set(name, [...this.#of(name), { listener, once: true }]);
    return this;
  }

  off(name: string, listener: Listener): this {
    const at = this.#of(name).findLastIndex((entry) => entry.listener === listener);
    this.#listeners.set(
      name,
      this.#of(name).filter((_, index) => index !== at),
    );
    return this;
  }

  addListener(name: string, listener: Listener): this {
    return this.on(name, listener);
  }

  removeListener(name: string, listener: Listener): this {
    return this.off(name, listener);
  }

  removeAllListeners(name?: string): this {
    if (name === undefined) this.#listeners.clear();
    else this.#listeners.delete(name);
    return this;
  }

  listenerCount(name: string): number {
    return this.#of(name).length;
  }

  emit(name: string, ...args: unknown[]): boolean {
    const entries = this.#of(name);
    for (const entry of entries) {
      if (entry.once) this.off(name, entry.listener);
      entry.listener(...args);
    }
    return entries.length > 0;
  }

  setMaxListeners(): this {
    return this;
  }

  #of(name: string) {
    return this.#listeners.get(name) ?? [];
  }
}

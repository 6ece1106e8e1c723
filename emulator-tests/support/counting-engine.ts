/** How much an engine was made to do: a measure of work that no other program on the machine can change. */
import type { Engine } from "../../src/emulators/engine.js";

export interface CountingEngine extends Engine {
  /** Operations executed in all sessions so far, again and again where they are run again. */
  executed(): number;
}

export function countingEngine(engine: Engine): CountingEngine {
  let executed = 0;
  return {
    name: engine.name,
    version: engine.version,
    isCheap: true,
    executed: () => executed,
    open(...given) {
      const session = engine.open(...given);
      return new Proxy(session, {
        get(inner, key) {
          if (key === "execute") {
            return (from: number, to: number) => {
              const result = inner.execute(from, to);
              executed += result.completed;
              return result;
            };
          }
          const value: unknown = Reflect.get(inner, key, inner);
          return typeof value === "function" ? (value.bind(inner) as unknown) : value;
        },
      });
    },
  };
}

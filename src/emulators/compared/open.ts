/** The engine that runs where nobody chooses one. */
import { AllocGenError } from "../../diagnostics.js";
import type { Engine } from "../engine.js";
import type { CoreEngine } from "../core/engine.js";
import { jsEngine } from "../js/engine.js";
import { installCommand } from "../unicorn/library.js";
import { unicornEngine } from "../unicorn/engine.js";
import { witnessedEngine } from "./witnessed.js";

/** The engine in JavaScript, with Unicorn as its witness where its library is there. */
export function jsWithWitness(): Engine {
  const first = jsEngine();
  const witness = unicornIfThere();
  if (witness !== undefined) return witnessedEngine(first, witness);
  return {
    ...first,
    witness: { kind: "none", reason: `libunicorn was not found (${installCommand()})` },
  };
}

/** Undefined where its library is not there. */
export function unicornIfThere(): CoreEngine | undefined {
  try {
    return unicornEngine();
  } catch (error) {
    if (error instanceof AllocGenError) return undefined;
    throw error;
  }
}

/**
 * A long run: configs drawn one after the other, each against the reference over every workload, until so many
 * operations are done or a fault is found.
 *
 *   npm run soak                                    1,000,000,000 operations
 *   npm run soak -- --operations 5000000 --seed 3
 *   npm run soak -- --engine js --seed 4            on another engine (default unicorn); its own seed keeps its own state
 *
 * It may be ended at any time: what is done is kept in .soak/seed-<N>.json, and the next run goes on behind it. C that
 * differs or does not build ends it with exit code 1; the config is then in .soak/ too.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { engineChoices } from "../src/emulators/engine.js";
import { soak, type SoakFault } from "./soak/soak.js";
import { readState, writeState, type SoakState } from "./soak/state.js";

const { values } = parseArgs({
  options: {
    operations: { type: "string", default: "1000000000" },
    seed: { type: "string", default: "1" },
    engine: { type: "string", default: "unicorn" },
    state: { type: "string" },
  },
});

function wholeNumber(name: string, text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new Error(`--${name} ${text} is not a whole number`);
  return Number(text);
}

const engine = engineChoices.find((choice) => choice === values.engine);
if (engine === undefined)
  throw new Error(`--engine is ${values.engine} (allowed: ${engineChoices.join(", ")})`);
const seed = wholeNumber("seed", values.seed);
const wanted = wholeNumber("operations", values.operations);
const file = values.state ?? join(import.meta.dirname, "..", ".soak", `seed-${seed}.json`);

const say = ({ operations, configs }: SoakState, config: string): void =>
  console.log(`${operations.toLocaleString("en-US").padStart(14)} operations, ${configs} configs: ${config}`);

const { state, fault } = await soak(
  readState(file, seed),
  wanted,
  (now, config) => {
    writeState(file, now);
    say(now, config);
  },
  { engine },
);
const done = `${state.operations.toLocaleString("en-US")} operations over ${state.configs} configs`;
if (fault === undefined) console.log(`${done}, no difference`);
else {
  const path = join(dirname(file), `fault-${seed}-${state.next}.json`);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(fault.config, undefined, 2)}\n`);
  writeState(file, state);
  console.error(`${done}, then ${path}: ${inWords(fault)}`);
  process.exitCode = 1;
}

function inWords({ found }: SoakFault): string {
  if (found.kind === "not-built") return `does not build\n${found.message}`;
  const { operation, message, minimal, minimalMessage } = found.mismatch;
  return [`${found.workload}, operation ${operation}: ${message}`, ...minimal, minimalMessage].join("\n  ");
}

/**
 * Draws configs as a user writes them and keeps those that are accepted: emulator-tests/cases/drawn-configs.json.
 * They are kept, not drawn anew, so that the C of two commits can be compared (compare-c.ts).
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { seededRandom } from "../src/traces/random.js";
import { configDrawer } from "./drawing.js";
import { prepareDrawn, Refusals } from "./drawn/prepare-drawn.js";

const wanted = 300;
const drawConfig = configDrawer(seededRandom(20261130, "drawn configs"));

const folder = mkdtempSync(join(tmpdir(), "alloc-gen-draw-"));
const kept: object[] = [];
const refusals = new Refusals();
while (kept.length < wanted) {
  const config = drawConfig();
  const prepared = prepareDrawn(config, folder);
  if (prepared.kind === "accepted") kept.push(config);
  else refusals.note(prepared.diagnostics);
}
rmSync(folder, { recursive: true });
writeFileSync(
  new URL("../emulator-tests/cases/drawn-configs.json", import.meta.url),
  `[\n${kept.map((config) => JSON.stringify(config)).join(",\n")}\n]\n`,
);
const kinds = kept.map((config) => (config as { policy: { kind: string } }).policy.kind);
console.error(
  [...new Set(kinds)].map((kind) => `${kind} ${kinds.filter((each) => each === kind).length}`).join(", "),
);
if (process.argv.includes("--reasons")) {
  for (const line of refusals.lines().slice(0, 15)) console.error(line);
}

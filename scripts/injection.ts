/**
 * Misuse injected into a hardened heap, as verify does on a sample: as many of each kind as are asked for.
 *
 *   npm run injection -- CONFIG                          500 of each kind
 *   npm run injection -- CONFIG --trials 100 --seed 3
 */
import { parseArgs } from "node:util";
import { buildWhole, sourcesOf } from "../src/build-project.js";
import { generate, prepare } from "../src/pipeline.js";
import { openEngine } from "../src/verify/engines.js";
import { proveInjection } from "../src/verify/injection/prove-injection.js";

const { values, positionals } = parseArgs({
  options: { trials: { type: "string", default: "500" }, seed: { type: "string", default: "1" } },
  allowPositionals: true,
});
const [config] = positionals;
if (config === undefined) throw new Error("the config is missing: npm run injection -- CONFIG");

const project = prepare(config, {});
const whole = await buildWhole(project, sourcesOf(project, generate(project), undefined));
const { plan, target } = project;
const bench = { plan, target, image: whole.image, engine: openEngine("js") };
const proof = proveInjection(bench, whole.faulted, Number(values.seed), Number(values.trials));
if (proof === undefined) console.log(`${config} finds no misuse: hardening is "none"`);
else {
  console.table(Object.fromEntries(proof.counts.map(({ misuse, ...count }) => [misuse, count])));
  if (proof.failure !== undefined) {
    console.log(proof.failure);
    process.exitCode = 1;
  }
}

/**
 * The least RAM for the Lua program of examples/lua on an emulated board, on heaps of ours and on newlib-nano's:
 * `npm run least-lua` writes the table of docs/compare.md anew.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { lua, runReal, type HeapChoice } from "../emulator-tests/support/board/real-programs.js";
import { packageFolder } from "../src/package-folder.js";
import { decodeRecording } from "../src/traces/recording/decode.js";

const granule = 8;
/** A heap that is too small, and one that is large enough: bytes. */
const [tooSmall, enough] = [8 * 1024, 48 * 1024];
/** Smaller heaps that are tried below the least that was found: a larger one may fail where a smaller does not. */
const triedBelow = 8;

const heaps: readonly { readonly name: string; readonly at: (bytes: number) => HeapChoice }[] = [
  { name: "segregated fit", at: (bytes) => ({ kind: "ours", bytes }) },
  {
    name: "sequential fit, best",
    at: (bytes) => ({ kind: "ours", bytes, policy: { kind: "sequential-fit", fit: "best" } }),
  },
  { name: "newlib-nano", at: (bytes) => ({ kind: "newlib-nano", bytes }) },
];

/** What the program prints where memory is plenty. */
const { output: whole } = await runReal(lua, { kind: "newlib-nano" }, false);

interface Outcome {
  readonly finished: boolean;
  /** Whether no request returned NULL. */
  readonly served: boolean;
}

async function outcomeOf(heap: HeapChoice): Promise<Outcome> {
  const { code, output, recording } = await runReal(lua, heap, true);
  const served = [...decodeRecording(recording)].every(({ kind }) => kind !== "failed");
  return { finished: code === 0 && output === whole, served: served && recording.length > 0 };
}

type Attempt = (bytes: number) => Promise<boolean>;

/** By bisection, and then at the sizes that are next below. */
async function least(attempt: Attempt, low = tooSmall, high = enough): Promise<number> {
  if (await attempt(low)) throw new Error(`${low} bytes were to be too small`);
  let [fails, serves] = [low, high];
  while (serves - fails > granule) {
    const middle = Math.floor((fails + serves) / 2 / granule) * granule;
    if (await attempt(middle)) serves = middle;
    else fails = middle;
  }
  for (let bytes = serves - triedBelow * granule; bytes < fails; bytes += granule) {
    if (await attempt(bytes)) return bytes;
  }
  return serves;
}

/** Bytes of the heap, and of all data of the program without a recorder, which must do the same there. */
async function row(name: string, at: (bytes: number) => HeapChoice): Promise<string> {
  const known = new Map<number, Promise<Outcome>>();
  const outcome = (bytes: number): Promise<Outcome> => {
    const found = known.get(bytes) ?? outcomeOf(at(bytes));
    known.set(bytes, found);
    return found;
  };
  const served = await least(async (bytes) => (await outcome(bytes)).served);
  const finished = await least(async (bytes) => (await outcome(bytes)).finished, tooSmall, served);
  const cells = await Promise.all(
    [served, finished].map(async (bytes) => {
      const { code, output, ramBytes } = await runReal(lua, at(bytes), false);
      if (code !== 0 || output !== whole)
        throw new Error(`${name}: ${bytes} bytes do not do without a recorder`);
      return `${bytes.toLocaleString("en")} (${ramBytes.toLocaleString("en")})`;
    }),
  );
  const below = await runReal(lua, at(finished - granule), false);
  return `| ${[name, ...cells, `\`${below.output.trimEnd().split("\n").at(-1) ?? ""}\``].join(" | ")} |`;
}

const rows: string[] = [];
for (const { name, at } of heaps) {
  rows.push(await row(name, at));
  console.log(rows.at(-1));
}
const page = join(packageFolder(), "docs", "compare.md");
const text = readFileSync(page, "utf8");
const table = /(\| heap \| no request fails \|.*\n\|[-:|]+\|\n)(?:\|.*\n)+/;
if (!table.test(text)) throw new Error("docs/compare.md has no table of Lua");
writeFileSync(
  page,
  text.replace(table, (_all, head: string) => `${head}${rows.join("\n")}\n`),
);

/**
 * The least RAM for the Lua program of examples/lua on an emulated board, on our heaps and on newlib-nano's, and what the
 * program does at that size: `npm run least-lua` writes the table of docs/compare.md anew.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { lua, runReal, type HeapChoice } from "../emulator-tests/support/board/real-programs.js";
import { decodeRecording } from "../src/traces/recording/decode.js";
import { packageFolder } from "../src/package-folder.js";

const granule = 8;
const most = 48 * 1024;

interface Outcome {
  readonly finished: boolean;
  /** Requests that returned NULL. */
  readonly failed: number;
  readonly said: string;
}

async function outcome(choose: (bytes: number) => HeapChoice, bytes: number): Promise<Outcome> {
  const { code, output, recording } = await runReal(lua, choose(bytes), true);
  const failed = [...decodeRecording(recording)].filter(({ kind }) => kind === "failed").length;
  return { finished: code === 0 && output === wanted, failed, said: output.trimEnd().split("\n").at(-1) ?? "" };
}

const wanted = (await runReal(lua, { kind: "newlib-nano" }, false)).output;

/** The least multiple of the granule with an outcome; below it there is none within 16 granules. */
async function least(serves: (bytes: number) => Promise<boolean>): Promise<number> {
  let [low, high] = [granule * 64, most];
  while (high - low > granule) {
    const middle = Math.floor((low + high) / 2 / granule) * granule;
    if (await serves(middle)) high = middle;
    else low = middle;
  }
  for (let bytes = high - granule; bytes >= high - 16 * granule; bytes -= granule) {
    if (await serves(bytes)) return least_below(bytes, serves);
  }
  return high;
}

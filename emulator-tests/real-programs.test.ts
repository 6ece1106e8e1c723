/** Real programs on the board: on newlib-nano's heap and on ours, recorded, sized, and run at just that size. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { runWords } from "../src/cli/run-words.fixture.js";
import { packageFolder } from "../src/package-folder.js";
import { decodeRecording } from "../src/traces/recording/decode.js";
import {
  cjson,
  configOf,
  lua,
  realPrograms,
  runByGlue,
  runReal,
  type RealProgram,
} from "./support/board/real-programs.js";

const folder = mkdtempSync(join(tmpdir(), "alloc-gen-real-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** As a user would, from the recording to the least heap. */
async function size({ name }: RealProgram, config: string, recording: Buffer): Promise<number> {
  const context = { folder, pipeline: () => import("../src/pipeline.js") };
  const trace = `${name}.trace`;
  writeFileSync(join(folder, `${name}.bin`), recording);
  const imported = await runWords(["trace", "import", `${name}.bin`, "--strict", "--out", trace], context);
  expect(imported).toMatchObject({ code: 0 });
  const sized = await runWords(["size", config, "--trace", trace, "--json"], context);
  expect(sized).toMatchObject({ code: 0, err: "" });
  return (JSON.parse(sized.out) as { leastHeapBytes: number }).leastHeapBytes;
}

/** What docs/embedding.md says is the least heap. */
function toldSize({ name }: RealProgram): string | undefined {
  const page = readFileSync(join(packageFolder(), "docs", "embedding.md"), "utf8");
  return new RegExp(`examples/${name}\\).*\\| ([\\d,]+) \\|$`, "m").exec(page)?.[1];
}

const eventsOf = (recording: Buffer) => [...decodeRecording(recording)];
const failed = (recording: Buffer): number =>
  eventsOf(recording).filter(({ kind }) => kind === "failed").length;
/** Without addresses, which differ. */
const requestsOf = (recording: Buffer): readonly string[] =>
  eventsOf(recording).map((event) => `${event.kind} ${"size" in event ? event.size : ""}`);

const isCall = (kind: string): boolean => /^(?:malloc|calloc|aligned|realloc|free)$/.test(kind);

describe.each(realPrograms)("examples/$name", (program) => {
  test("does on our heap what it does on newlib-nano's, at the size of its trace, and fails below", async () => {
    const theirs = await runReal(program, { kind: "newlib-nano" }, true);
    expect(theirs.code).toBe(0);
    expect(theirs.output).not.toBe("");
    const ours = await runReal(program, { kind: "ours" }, true);
    expect(ours).toMatchObject({ code: 0, output: theirs.output });
    expect(eventsOf(theirs.recording).length).toBeGreaterThan(500);
    expect(eventsOf(theirs.recording).filter(({ kind }) => !isCall(kind))).toEqual([]);
    // What a trace is good for that was taken before our heap was in.
    if (program.isTheSame) expect(requestsOf(theirs.recording)).toEqual(requestsOf(ours.recording));

    const bytes = await size(program, configOf(program), ours.recording);
    expect(bytes.toLocaleString("en")).toBe(toldSize(program));
    const least = await runReal(program, { kind: "ours", bytes }, true);
    expect(least).toMatchObject({ code: 0, output: theirs.output });
    expect(failed(least.recording)).toBe(0);

    const below = await runReal(program, { kind: "ours", bytes: bytes - 8 }, true);
    expect(failed(below.recording)).toBeGreaterThan(0);
  });
});

describe.each([
  { kind: "lua", program: lua, unused: ["app_heap_realloc(ptr, nsize)", "NULL"] },
  { kind: "cjson", program: cjson, unused: ["cJSON_InitHooks(&hooks);", "(void)hooks;"] },
] as const)(
  "examples/$kind with the glue of the library alone",
  ({ kind, program, unused: [call, none] }) => {
    test("does what it does on newlib-nano's heap, and gives all blocks back", async () => {
      const theirs = await runReal(program, { kind: "newlib-nano" }, false);
      expect(await runByGlue(program, kind)).toMatchObject({ code: 0, output: theirs.output });
    });

    test("is noticed where it does not use the heap", async () => {
      const run = await runByGlue(program, kind, (glue) => glue.replace(call, none));
      expect(run.code).not.toBe(0);
    });
  },
);

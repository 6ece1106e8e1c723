import { describe, expect, it } from "vitest";
import type { Mutant } from "./mutant.js";
import { tryMutants, type TriedMutant } from "./try-mutants.js";
import type { Verdict } from "./verdict.js";

const killed: Verdict = { kind: "killed", stage: "workloads", message: "" };

/** Twenty mutants of a text, each of which puts its number into it. */
const mutants: readonly Mutant[] = Array.from({ length: 20 }, (_, index) => ({
  operator: "constant",
  function: "f",
  line: 1,
  edits: [{ start: 0, end: 0, text: String(index) }],
}));

/** Every third does not compile; the earlier ones take longer. */
async function judge(text: string): Promise<Verdict> {
  for (let turn = 20 - Number(text); turn > 0; turn--) await Promise.resolve();
  return Number(text) % 3 === 0 ? { kind: "not compiled" } : killed;
}

const kinds = (tried: readonly TriedMutant[]): readonly string[] =>
  tried.map(({ mutant, verdict }) => `${mutant.edits[0]?.text ?? ""} ${verdict.kind}`);

describe("tryMutants", () => {
  it("tries until enough are viable, the same ones whatever is done at once", async () => {
    const trial = { text: "", mutants, count: 5, judge };
    const alone = await tryMutants({ ...trial, atOnce: 1 });
    expect(kinds(alone)).toEqual([
      "0 not compiled",
      "1 killed",
      "2 killed",
      "3 not compiled",
      "4 killed",
      "5 killed",
      "6 not compiled",
      "7 killed",
    ]);
    for (const atOnce of [2, 4, 50])
      expect(kinds(await tryMutants({ ...trial, atOnce }))).toEqual(kinds(alone));
  });

  it("ends where there are no more", async () => {
    expect(await tryMutants({ text: "", mutants, count: 500, judge, atOnce: 3 })).toHaveLength(20);
    expect(await tryMutants({ text: "", mutants: [], count: 5, judge, atOnce: 3 })).toEqual([]);
  });

  it("tells what was done when it is interrupted", async () => {
    const stop = new AbortController();
    const tried = await tryMutants({
      text: "",
      mutants,
      count: 10,
      atOnce: 1,
      judge,
      signal: stop.signal,
      onProgress: (done) => {
        if (done.length === 3) stop.abort();
      },
    });
    expect(kinds(tried)).toEqual(["0 not compiled", "1 killed", "2 killed"]);
  });

  it("fails where no mutant can be judged", async () => {
    const fail = (): Promise<Verdict> => Promise.reject(new Error("no compiler"));
    await expect(tryMutants({ text: "", mutants, count: 5, judge: fail, atOnce: 2 })).rejects.toThrow(
      "no compiler",
    );
  });
});

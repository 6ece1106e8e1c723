import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { defaultAnswers, initialConfigText, type InitialAnswers } from "../../config/initial.js";
import { loadConfig } from "../../config/load.js";
import { runWords } from "../run-words.fixture.js";
import { sizeFault } from "../questions.js";

const questions = vi.hoisted((): { asked: number; answers: InitialAnswers | undefined } => ({
  asked: 0,
  answers: undefined,
}));
vi.mock(import("../questions.js"), async (original) => ({
  ...(await original()),
  askForConfig: () => {
    questions.asked += 1;
    return Promise.resolve(questions.answers);
  },
}));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "alloc-gen-init-"));
  questions.asked = 0;
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const read = (): string => readFileSync(join(folder, "alloc-gen.json"), "utf8");

async function init(words: readonly string[], interactive: boolean) {
  const { code, err } = await runWords(["init", ...words], { folder, interactive });
  return { code, err };
}

describe("init", () => {
  it.each([
    ["with --yes on a terminal", ["--yes"], true],
    ["where nobody can answer", [], false],
  ])("writes the defaults %s, asking nothing", async (_when, words, interactive) => {
    const { code, err } = await init(words, interactive);
    expect({ code, asked: questions.asked }).toEqual({ code: 0, asked: 0 });
    expect(err).toBe('wrote alloc-gen.json; "alloc-gen" generates and proves the allocator\n');
    expect(read()).toBe(initialConfigText(defaultAnswers));
    expect(loadConfig(join(folder, "alloc-gen.json")).config.name).toBe("app_heap");
  });

  it("writes what was answered on a terminal", async () => {
    questions.answers = { ...defaultAnswers, name: "radio_heap" };
    await init([], true);
    expect(loadConfig(join(folder, "alloc-gen.json")).config.name).toBe("radio_heap");
  });

  it("writes nothing when the user breaks off", async () => {
    questions.answers = undefined;
    expect(await init([], true)).toEqual({ code: 2, err: "Nothing was written.\n" });
    expect(readdirSync(folder)).toEqual([]);
  });

  it("leaves a config that is there alone, before it asks anything, unless forced", async () => {
    writeFileSync(join(folder, "alloc-gen.json"), "mine");
    const { code, err } = await init([], true);
    expect({ code, asked: questions.asked, text: read() }).toEqual({ code: 2, asked: 0, text: "mine" });
    expect(err).toBe("alloc-gen: alloc-gen.json already exists (--force overwrites it)\n");
    expect((await init(["--yes", "--force"], true)).code).toBe(0);
    expect(read()).toBe(initialConfigText(defaultAnswers));
  });
});

describe("sizeFault", () => {
  it.each(["512", "32KiB", "1 MiB"])("takes %j", (size) => expect(sizeFault(size)).toBeUndefined());
  it.each(["", "511", "513", "65MiB", "32 kB", "-8"])("refuses %j", (size) =>
    expect(sizeFault(size)).toBeTypeOf("string"),
  );
});

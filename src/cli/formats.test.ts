/** Formats of a report from the command line: which there are, where they go, and what is refused. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Format } from "../report/format.js";
import type { Report } from "../report/report.js";
import { exampleMismatch, exampleResult, workload } from "../report/run.fixture.js";
import { commandNames, commands, type CommandTable } from "./commands.js";
import { runWords, wordsOf } from "./run-words.fixture.js";
import type { CliContext } from "./context.js";

vi.mock("../plan/draw.js", () => ({ drawMemoryMap: () => "<memory map>" }));

const formatsOfRun = Object.keys(commands.verify.formats).join(", ");

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "alloc-gen-formats-"));
  writeFileSync(join(folder, "alloc-gen.json"), "{}");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Try {
  readonly result?: ReturnType<typeof exampleResult>;
  readonly context?: Partial<CliContext>;
  readonly table?: CommandTable;
}

async function program(line: string, { result = exampleResult(), context, table }: Try = {}) {
  const seen = { ran: 0 };
  const ran = await runWords(
    wordsOf(line),
    {
      ...{ folder, debug: true },
      pipeline: () =>
        Promise.resolve({
          prepare: () => result.project,
          prepareHeaps: () => ({ projects: [result.project], outputs: [] }),
          generateHeaps: () => Promise.resolve([{ name: "heap.c", text: "" }]),
          proveHeaps: () => Promise.reject(new Error("no output proves anything")),
          run: () => {
            seen.ran += 1;
            return Promise.resolve(result);
          },
        }),
      ...context,
    },
    table,
  );
  return { ...seen, ...ran };
}

const read = (name: string): string => readFileSync(join(folder, name), "utf8");
const firstLine = (text: string): string => text.split("\n", 1)[0] ?? "";

describe("--format", () => {
  it.each([
    ["text", "app_heap for cortex-m4: Arm Cortex-M4 (ARMv7E-M)"],
    ["json", "{"],
    ["junit", '<?xml version="1.0" encoding="UTF-8"?>'],
    ["sarif", "{"],
    ["markdown", "### app_heap for cortex-m4: OK, 8 checks"],
    ["github", "app_heap for cortex-m4: OK"],
  ])("prints %s instead of the text", async (name, line) => {
    const { code, out, err } = await program(`verify --format ${name}`);
    expect({ code, err, line: firstLine(out) }).toEqual({ code: 0, err: "", line });
  });

  it("is --json by another name", async () => {
    expect((await program("verify --format json")).out).toBe((await program("verify --json")).out);
  });

  it("writes files beside what is printed, and says nothing of them", async () => {
    const files = "--format junit=reports/junit.xml --format sarif=a.sarif --format text=a.txt";
    const { code, out, err } = await program(`verify --json ${files}`);
    expect({ code, err, line: firstLine(out) }).toEqual({ code: 0, err: "", line: "{" });
    expect(read("reports/junit.xml")).toContain("<testsuites ");
    expect(read("a.sarif")).toContain('"version": "2.1.0"');
    expect(read("a.txt")).toContain("OK: the C matches the reference.");
    expect(readdirSync(folder).toSorted()).toEqual(["a.sarif", "a.txt", "alloc-gen.json", "reports"]);
  });

  it("prints text where all other formats go to files, and files have no colours", async () => {
    const { out } = await program("verify --format text=a.txt", { context: { colors: true } });
    const escape = String.fromCharCode(27);
    expect(out).toContain(`${escape}[32mOK`);
    expect(read("a.txt")).toContain("\nOK");
    expect(read("a.txt")).not.toContain(escape);
  });

  it("replaces the file of an earlier run, and tells a run that fails", async () => {
    await program("verify --format junit=j.xml");
    const result = exampleResult([workload("holes", { mismatch: exampleMismatch })]);
    const { code } = await program("--format junit=j.xml", { result });
    expect(code).toBe(1);
    expect(read("j.xml")).toContain('<failure type="difference"');
  });

  it("writes all files or none, after what is printed", async () => {
    mkdirSync(join(folder, "taken"));
    const { code, out, err } = await program("verify --format junit=j.xml --format markdown=taken");
    expect(code).toBe(2);
    expect(out).toContain("OK: the C matches the reference.");
    expect(err).toMatch(/^alloc-gen: cannot write .*taken: /);
    expect(readdirSync(folder).toSorted()).toEqual(["alloc-gen.json", "taken"]);
  });

  it.each([
    ["--format jnit", `unknown format "jnit"; did you mean "junit"? (allowed: ${formatsOfRun})`],
    ["--format =a.xml", `unknown format "" (allowed: ${formatsOfRun})`],
    [
      "--format junit --format sarif=a.sarif --json",
      'standard output takes one format, not json, junit: write the others to files (NAME=FILE) (see "alloc-gen --help")',
    ],
    ["--format junit=", '--format junit= names no file (see "alloc-gen --help")'],
    ["--format junit=a --format sarif=./a", 'two formats name the same file, a (see "alloc-gen --help")'],
  ])("is refused before anything runs: %s", async (words, message) => {
    expect(await program(`verify ${words}`)).toEqual({
      ...{ code: 2, ran: 0, out: "" },
      err: `alloc-gen: ${message}\n`,
    });
  });

  it.each(commandNames)("of %s is what it declares, and its help names them", async (name) => {
    const names = Object.keys(commands[name].formats);
    const words = name === "main" ? "" : `${name} `;
    const help = (await program(`${words}--help`)).out.replaceAll(/\s+/g, " ");
    if (names.length === 0) expect(help).not.toContain("--format");
    else expect(help).toContain(`Print as ${names.join(", ")};`);
    const { code, err } = await program(`${words}--format nonsense`);
    expect(code).toBe(2);
    expect(err).toContain(
      names.length === 0
        ? "unknown option --format"
        : `unknown format "nonsense" (allowed: ${names.join(", ")})`,
    );
  });
});

describe("the summary", () => {
  it.each([
    ["verify --format json=alloc-gen.json", "alloc-gen.json"],
    ["verify --format json=./sub/../alloc-gen.json", "alloc-gen.json"],
    ["verify --format json=linked.json", "linked.json"],
    ["explain --format json=alloc-gen.json", "alloc-gen.json"],
    ["--format json=generated/heap.c --format text=a.txt", "generated/heap.c"],
    ["verify other.json --format json=other.json", "other.json"],
    ["verify --baseline figures.json --format json=figures.json", "figures.json"],
    ["verify --source mine.c --format text=mine.c", "mine.c"],
    ["size --trace t.trace --format text=t.trace", "t.trace"],
    ["verify --format text=own.trace", "own.trace"],
    ["inspect dump.bin --format text=dump.bin", "dump.bin"],
    ["inspect dump.bin --elf a.elf --format text=a.elf", "a.elf"],
    ["time a.elf --call f --arg @key.bin --format text=key.bin", "key.bin"],
    ["compare --peer peer.json --format text=peer.json", "peer.json"],
  ])("refuses %s, before anything runs", async (line, file) => {
    const files = [
      "alloc-gen.json",
      "other.json",
      "figures.json",
      "mine.c",
      "t.trace",
      "own.trace",
      "dump.bin",
    ];
    for (const name of [...files, "a.elf", "key.bin", "peer.json"]) writeFileSync(join(folder, name), "kept");
    symlinkSync("alloc-gen.json", join(folder, "linked.json"));
    mkdirSync(join(folder, "sub"));
    const own = exampleResult();
    const { config } = own.project.loaded;
    const verify = { ...config.verify, traces: [join(folder, "own.trace")] };
    const loaded = { ...own.project.loaded, config: { ...config, verify } };
    const result = { ...own, project: { ...own.project, loaded } };
    const { code, err, ran } = await program(line, { result });
    expect(err).toBe(
      `alloc-gen: the report would overwrite ${file}, which the run reads or writes itself (--format NAME=FILE names another)\n`,
    );
    expect([code, ran]).toEqual([2, 0]);
    if (!file.startsWith("generated")) expect(readFileSync(join(folder, file), "utf8")).toBe("kept");
  });

  it.each(Object.keys(commands.verify.formats))(
    "has no control characters as %s, whatever text is in it",
    async (name) => {
      const wild = "a\u001b]0;b\u0007\u009b2J\u202e";
      const own = exampleMismatch;
      const result = exampleResult([
        workload("first-wild", { mismatch: { ...own, message: wild, minimal: [wild] } }),
      ]);
      const { out } = await program(`verify --format ${name} --format ${name}=a.out`, { result });
      const printed = [out, readFileSync(join(folder, "a.out"), "utf8")];
      for (const text of printed) {
        expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/);
        expect(text).not.toBe("");
      }
    },
  );

  it("is added to the file that the CI service names, by the format that has one", async () => {
    const summaryFile = join(folder, "summary.md");
    writeFileSync(summaryFile, "before\n");
    await program("verify --format github", { context: { summaryFile } });
    expect(read("summary.md")).toMatch(/^before\n### app_heap for cortex-m4: OK, 8 checks\n/);
    await program("verify --format markdown --format junit=j.xml", { context: { summaryFile } });
    expect(read("summary.md").match(/###/g)).toHaveLength(1);
  });

  it("is left out where there is no such file", async () => {
    expect((await program("verify --format github")).code).toBe(0);
    expect(readdirSync(folder)).toEqual(["alloc-gen.json"]);
  });

  it("that cannot be added to is an error", async () => {
    const { code, err } = await program("verify --format github", { context: { summaryFile: folder } });
    expect(code).toBe(2);
    expect(err).toContain("EISDIR");
  });
});

describe("a format of one's own", () => {
  /** How many checks of the run failed: all it knows is the report. */
  const toy: Format<Report> = {
    print: ({ ok, heaps }) => `${ok ? "good" : "bad"}: ${heaps.map(({ name }) => name).join(" ")}\n`,
  };
  const table: CommandTable = {
    ...commands,
    verify: {
      ...commands.verify,
      formats: { ...commands.verify.formats, toy: () => Promise.resolve(toy) },
    },
  };

  it("is added in one place and works like the others", async () => {
    expect(await program("verify --format toy", { table })).toMatchObject({
      code: 0,
      out: "good: app_heap\n",
    });
    await program("verify --format toy=toy.txt", { table });
    expect(read("toy.txt")).toBe("good: app_heap\n");
    expect((await program("verify --help", { table })).out.replaceAll(/\s+/g, " ")).toContain(
      `${formatsOfRun}, toy;`,
    );
    const { err } = await program("verify --format tay", { table });
    expect(err).toContain('unknown format "tay"; did you mean "toy"?');
  });

  it("is unknown where it was not added", async () => {
    expect((await program("verify --format toy")).code).toBe(2);
    expect(existsSync(join(folder, "toy.txt"))).toBe(false);
  });
});

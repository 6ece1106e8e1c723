import { describe, expect, it } from "vitest";
import { optionsOf, parseCommandLine } from "./command-line.js";
import { commandNames, commands } from "./commands.js";
import { valuesOf } from "./option.js";
import { usageError } from "./usage-error.js";

/** What a line is read as: the values of the command's options, or the text of --help. */
async function parse(line: string) {
  const parsed = await parseCommandLine(
    line.split(" ").filter((word) => word !== ""),
    commands,
  );
  if (parsed.kind === "text") return parsed;
  const { name, read } = parsed;
  const fail = (what: string): never => {
    throw usageError(what);
  };
  return { name, given: valuesOf(optionsOf(name, commands), read, fail) };
}

async function textOf(line: string): Promise<string> {
  const parsed = await parse(line);
  return "text" in parsed ? parsed.text : "";
}

/** What a command is given that is called without a word. */
const nothing = {
  ...{
    config: undefined,
    target: undefined,
    chip: undefined,
    set: [],
    heap: undefined,
    out: undefined,
    engine: "witnessed",
  },
  ...{
    json: false,
    format: [],
    force: false,
    quiet: false,
    strict: false,
    baseline: undefined,
    failOnRegression: undefined,
  },
};

describe("parseCommandLine", () => {
  it("takes the main job when no command is named", async () => {
    expect(await parse("")).toEqual({ name: "main", given: nothing });
  });

  it("takes config and options in any order", async () => {
    const given = { ...nothing, config: "my.json", target: "cortex-m4", json: true, out: "gen", force: true };
    const expected = { name: "main", given };
    expect(await parse("my.json --target cortex-m4 --json --out gen --force")).toEqual(expected);
    expect(await parse("--target=cortex-m4 --out=gen --json --force my.json")).toEqual(expected);
  });

  it("keeps --set values as they are written, each with its own --set", async () => {
    const parsed = await parse("--set heap.size=24KiB --set toolchain.optimize=-Os verify.json");
    expect(parsed).toMatchObject({
      given: { config: "verify.json", set: ["heap.size=24KiB", "toolchain.optimize=-Os"] },
    });
  });

  it.each(["witnessed", "js", "unicorn", "qemu", "js+unicorn", "both"])(
    "takes --engine %s",
    async (engine) => {
      expect(await parse(`verify --engine ${engine}`)).toMatchObject({ given: { engine } });
    },
  );

  it("takes a level of optimisation as the compiler's option, and lists of peers, traces and compilers", async () => {
    const given = { optimize: "-O2", peer: ["newlib", "mine.json"], trace: ["a.trace", "b.trace"] };
    const lists = "--peer newlib --trace a.trace --peer mine.json --trace b.trace";
    expect(await parse(`compare --optimize -O2 ${lists}`)).toMatchObject({ given });
    expect(await parse(`compare --optimize=-O2 ${lists}`)).toMatchObject({ given });
    expect(await parse("compare --optimize all")).toMatchObject({ given: { optimize: "all" } });
    expect(await parse("compare --compiler gcc --compiler /opt/bin/clang-17")).toMatchObject({
      given: { compiler: ["gcc", "/opt/bin/clang-17"] },
    });
    await expect(parse("compare -O2")).rejects.toThrow(/^unknown option -O2 /);
  });

  it("takes a negative number for the value of the option before it, and of no flag", async () => {
    expect(await parse("time f.o --arg -1 --call f --arg=-2 --arg 3")).toMatchObject({
      given: { arg: ["-1", "-2", "3"], call: "f" },
    });
    await expect(parse("time f.o --annotate -1")).rejects.toThrow(/^unknown option -1 /);
  });

  it("keeps a config named by digits a name", async () => {
    expect(await parse("007")).toMatchObject({ given: { config: "007" } });
  });

  it.each(commandNames.filter((name) => name !== "main"))("knows %s", async (name) => {
    expect(await parse(name)).toMatchObject({ name });
  });

  it("gives a command its own options and no others, those of its formats among them", async () => {
    expect(await parse("size")).toEqual({
      name: "size",
      given: {
        ...{
          config: undefined,
          target: undefined,
          chip: undefined,
          set: [],
          heap: undefined,
          trace: [],
          engine: "witnessed",
        },
        ...{ perturb: undefined, confidence: undefined, checkCopies: undefined, seed: undefined },
        ...{ quiet: false, format: [], json: false },
      },
    });
    expect(await parse("time a.elf --with-call --arg 1 --arg 2")).toMatchObject({
      given: { file: "a.elf", withCall: true, annotate: false, arg: ["1", "2"], repeat: undefined },
    });
    expect(await parse("init --yes")).toEqual({
      name: "init",
      given: { chip: undefined, heaps: "one", yes: true, force: false, quiet: false },
    });
  });

  it.each([
    ["--tarjet x", 'unknown option --tarjet; did you mean "--target"? (see "alloc-gen --help")'],
    ["generate --json", 'unknown option --json (see "alloc-gen --help")'],
    ["--zzzzzzzz", 'unknown option --zzzzzzzz (see "alloc-gen --help")'],
    ["-j", 'unknown option -j (see "alloc-gen --help")'],
    ["--target", 'Not enough arguments following: target (see "alloc-gen --help")'],
    ["--engine both --engine qemu", '--engine is given twice (see "alloc-gen --help")'],
    [
      "verify --engine qemux",
      '--engine is "qemux" (allowed: witnessed, unicorn, js, qemu, js+unicorn, js+qemu, unicorn+qemu, js+unicorn+qemu, both) (see "alloc-gen --help")',
    ],
    ["generate --engine qemu", 'unknown option --engine (see "alloc-gen --help")'],
    ["--target a --target b", '--target is given twice (see "alloc-gen --help")'],
    ["--target=", '--target is empty (see "alloc-gen --help")'],
    ["targets more", 'Unknown argument: more (see "alloc-gen --help")'],
    ["a.json b.json", 'Unknown argument: b.json (see "alloc-gen --help")'],
  ])("refuses %j", async (line, message) => {
    await expect(parse(line)).rejects.toMatchObject({ name: "AllocGenError", exitCode: 2, message });
  });

  it("names every unknown option at once", async () => {
    await expect(parse("--jsn --focre")).rejects.toThrow(/--json.*\n.*--force/);
  });

  it("gives help and version as text", async () => {
    const help = await textOf("--help");
    for (const name of commandNames) {
      // Commands of two words are in the help of the first.
      expect(help).toContain(name === "main" ? "alloc-gen [config]" : `alloc-gen ${name.replace(/ .*/, "")}`);
    }
    const group = await textOf("trace --help");
    for (const name of commandNames.filter((word) => word.startsWith("trace ")))
      expect(group).toContain(`alloc-gen ${name}`);
    expect(help.split("\n").filter((line) => line.length > 100)).toEqual([]);
    expect(await textOf("--version")).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(await textOf("explain --help")).toContain("explain [config]");
    for (const name of commandNames) {
      const own = await textOf(name === "main" ? "--help" : `${name} --help`);
      for (const option of Object.keys(optionsOf(name, commands))) expect(own).toContain(option);
    }
  });
});

/** The keys `chip` and `heap.region`, and what the command line says of them. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { packageFolder } from "../package-folder.js";
import { AllocGenError, formatDiagnostic } from "../diagnostics.js";
import { parseHeapsText } from "./load-several.js";
import type { LoadOptions } from "./resolve-document.js";

const targets = ["cortex-m0", "cortex-m4", "cortex-m33"];
const load = (text: string, options: LoadOptions = {}) =>
  parseHeapsText(text, "alloc-gen.json", { targets, ...options });

/** The lines a user would read. */
function faultsOf(text: string, options: LoadOptions = {}): string[] {
  try {
    load(text, options);
  } catch (error) {
    if (error instanceof AllocGenError) return error.diagnostics.map(formatDiagnostic);
    throw error;
  }
  return [];
}

const config = (first: string, heap = '"size": "32KiB"') =>
  `{ "name": "app_heap", ${first},\n"heap": { ${heap} },\n"policy": { "kind": "segregated-fit" } }`;
const f407 = '"chip": "STM32F407VGT6"';

function first(text: string, options: LoadOptions = {}) {
  const [heap] = load(text, options).heaps;
  if (heap === undefined) throw new Error("no heap");
  return heap;
}

it("docs/chips.md shows a config that is sound", () => {
  const page = readFileSync(join(packageFolder(), "docs", "chips.md"), "utf8");
  expect(first(/```json\n(.*?)```/s.exec(page)?.[1] ?? "").config.chip?.region?.name).toBe("CCMRAM");
});

describe("a chip in the config", () => {
  it("stands for the target, and changes nothing of the C", () => {
    const chip = first(config(f407));
    expect(chip.config).toMatchObject({ target: "cortex-m4", chip: { name: "STM32F407VG" } });
    expect(chip.sha256).toBe(first(config('"target": "cortex-m4"')).sha256);
  });

  it("may stand beside the target that is its core, or one of its cores", () => {
    expect(first(config(`${f407}, "target": "cortex-m4"`)).config.target).toBe("cortex-m4");
    const both = '"chip": "CY8C6247BZI-D54", "target": "cortex-m4"';
    expect(first(config(both)).config.target).toBe("cortex-m4");
    expect(faultsOf(config(`${f407}, "target": "cortex-m0"`))).toEqual([
      'alloc-gen.json:1:58: target: found "cortex-m0", but STM32F407VG has a cortex-m4 (--target alone overrides the chip\'s core)',
    ]);
  });

  it.each([
    [
      "STM32F407VX",
      'unknown chip "STM32F407VX"; did you mean "STM32F407VE", "STM32F407VG" or "STM32F407IE"? ("alloc-gen chips STM32F4" searches)',
    ],
    [
      "STM32F40",
      '"STM32F40" begins the names of 23 chips that differ in core or RAM, such as "STM32F401CB", "STM32F401CC" or "STM32F401RB" ("alloc-gen chips STM32F40" lists them)',
    ],
    [
      "R7FA8D1AF",
      'R7FA8D1AF has a cortex-m85 core, for which there is no target yet; nearest is "cortex-m33": the core executes its instructions too, with other timing (--target cortex-m33 takes it)',
    ],
    [
      "esp32c3",
      'esp32c3 has a rv32imc core, for which there is no target yet; nearest is "cortex-m0": it is as simple a core, but with other instructions, so nothing that is proven for it holds',
    ],
  ])("%s is refused where it stands", (name, message) => {
    expect(faultsOf(config(`"chip": "${name}"`))).toEqual([`alloc-gen.json:1:31: chip: ${message}`]);
  });

  it("of another type is refused", () => {
    expect(faultsOf(config('"chip": 407, "target": "cortex-m4"'))).toEqual([
      "alloc-gen.json:1:31: chip: found 407 (allowed: a string)",
    ]);
  });
});

describe("--chip and --target", () => {
  it("--chip takes the place of the config's target", () => {
    const loaded = first(config('"target": "cortex-m0"'), { chip: "stm32f407vg" });
    expect(loaded.config).toMatchObject({ target: "cortex-m4", chip: { name: "STM32F407VG" } });
    expect(faultsOf(config('"target": "cortex-m0"'), { chip: "stm32f4" })[0]).toMatch(
      /^--chip stm32f4: chip: "stm32f4" begins the names of /,
    );
  });

  it("--chip takes the place of the config's chip, whose heaps it then holds", () => {
    expect(faultsOf(config(f407), { chip: "STM32F401CB", set: ["heap.size=96KiB"] })).toEqual([
      "--set heap.size=96KiB: heap.size: found 98304 bytes (96 KiB), but the largest RAM of STM32F401CB in one piece is SRAM, 65536 bytes (64 KiB)",
    ]);
  });

  it("--target overrides the core of the config's chip, whose RAM still counts", () => {
    const loaded = first(config(f407), { target: "cortex-m0" });
    expect(loaded.config).toMatchObject({ target: "cortex-m0", chip: { name: "STM32F407VG" } });
    expect(first(config('"chip": "R7FA8D1AF"'), { target: "cortex-m33" }).config.target).toBe("cortex-m33");
    expect(faultsOf(config(f407, '"size": "1MiB"'), { target: "cortex-m0" })).toHaveLength(1);
  });

  it("together must agree", () => {
    const options = { chip: "STM32F407VG", target: "cortex-m0" };
    expect(faultsOf(config(f407), options)).toEqual([
      '--target cortex-m0: target: found "cortex-m0", but STM32F407VG has a cortex-m4 (--target alone overrides the chip\'s core)',
    ]);
    expect(first(config(f407), { ...options, target: "cortex-m4" }).config.target).toBe("cortex-m4");
  });
});

describe("a heap on a chip", () => {
  const heapFaults = (heap: string) => faultsOf(config(f407, heap));

  it("may be in a region, or in regions side by side, whatever the case of their names", () => {
    expect(first(config(f407, '"size": "64KiB", "region": "ccmram"')).config.chip).toEqual({
      name: "STM32F407VG",
      region: { name: "CCMRAM", start: 0x10000000, bytes: 65536 },
    });
    const both = first(config(f407, '"size": "128KiB", "region": ["SRAM2", "SRAM"]'));
    expect(both.config.chip?.region).toEqual({ name: "SRAM2+SRAM", start: 0x20000000, bytes: 131072 });
  });

  it.each([
    [
      '"size": "65KiB", "region": "CCMRAM"',
      'size: found 66560 bytes (65 KiB), but CCMRAM of STM32F407VG has 65536 bytes (64 KiB) ("heap.region")',
      19,
    ],
    ['"size": 512, "region": "CCM"', 'region: found "CCM" (allowed: "CCMRAM", "SRAM", "SRAM2")', 34],
    [
      '"size": 512, "region": "SRAM3"',
      'region: found "SRAM3"; did you mean "SRAM"? (allowed: "CCMRAM", "SRAM", "SRAM2")',
      34,
    ],
    [
      '"size": 512, "region": ["CCMRAM", "SRAM"]',
      'region: found "CCMRAM", "SRAM", but these regions of STM32F407VG do not lie side by side',
      34,
    ],
    [
      '"size": "129KiB"',
      "size: found 132096 bytes (129 KiB), but the largest RAM of STM32F407VG in one piece is SRAM+SRAM2, 131072 bytes (128 KiB)",
      19,
    ],
  ])("%s is refused", (heap, message, column) => {
    expect(heapFaults(heap)).toEqual([`alloc-gen.json:2:${column}: heap.${message}`]);
  });

  it("may be larger than the chip's RAM where it may be outside of it", () => {
    for (const placement of ['"linker"', '"runtime"', '{ "kind": "static", "section": ".sdram" }']) {
      expect(heapFaults(`"size": "1MiB", "placement": ${placement}`)).toEqual([]);
    }
  });

  it("has no region without a chip", () => {
    expect(faultsOf(config('"target": "cortex-m4"', '"size": 512, "region": "SRAM"'))).toEqual([
      'alloc-gen.json:2:34: heap.region: found "SRAM", but regions are those of a chip: "chip" is missing',
    ]);
  });
});

describe("several heaps on a chip", () => {
  const heap = (name: string, text: string) => `{ "name": "${name}", "heap": { ${text} } }`;
  const several = (...heaps: string[]) =>
    `{ ${f407}, "policy": { "kind": "segregated-fit" }, "heaps": [\n${heaps.join(",\n")}\n] }`;

  it("have its core, each in its own memory", () => {
    const { heaps } = load(
      several(
        heap("a_heap", '"size": "64KiB", "region": "CCMRAM"'),
        heap("b_heap", '"size": "64KiB", "region": "SRAM"'),
      ),
    );
    expect(heaps.map(({ config: { target, chip } }) => [target, chip?.region?.name])).toEqual([
      ["cortex-m4", "CCMRAM"],
      ["cortex-m4", "SRAM"],
    ]);
  });

  it("must fit together", () => {
    const inRegion = '"size": "40KiB", "region": "CCMRAM"';
    const text = several(
      heap("a_heap", inRegion),
      heap("b_heap", inRegion),
      heap("c_heap", '"size": "100KiB"'),
      heap("d_heap", '"size": "100KiB"'),
      heap("e_heap", '"size": "1MiB", "placement": "linker"'),
    );
    expect(faultsOf(text)).toEqual([
      "alloc-gen.json:3:39: heaps[1].heap.size: found 81920 bytes (80 KiB) with the heaps before, but CCMRAM has 65536 bytes (64 KiB)",
      "alloc-gen.json:5:39: heaps[3].heap.size: found 204800 bytes (200 KiB) with the heaps before, but the largest RAM of STM32F407VG in one piece is SRAM+SRAM2, 131072 bytes (128 KiB)",
    ]);
  });

  it("must fit together into regions that one lists and another is in, in any order", () => {
    const text = several(
      heap("a_heap", '"size": "100KiB", "region": ["SRAM", "SRAM2"]'),
      heap("b_heap", '"size": "16KiB", "region": "SRAM2"'),
      heap("c_heap", '"size": "16KiB", "region": ["SRAM2", "SRAM"]'),
      heap("d_heap", '"size": "64KiB", "region": "CCMRAM"'),
    );
    expect(faultsOf(text)).toEqual([
      "alloc-gen.json:4:39: heaps[2].heap.size: found 135168 bytes (132 KiB) with the heaps before, but SRAM+SRAM2 has 131072 bytes (128 KiB)",
    ]);
  });
});

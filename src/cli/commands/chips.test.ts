import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { runWords, wordsOf } from "../run-words.fixture.js";

// The first run that generates splits the decoder, which a built package has done before.
vi.setConfig({ testTimeout: 120_000 });

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "alloc-gen-chips-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** With the real pipeline: nothing here is built or emulated. */
const run = (line: string) =>
  runWords(wordsOf(line), { folder, pipeline: () => import("../../pipeline.js") });

describe("chips", () => {
  it("draws the RAM of one, as it is ordered, with what is known of it", async () => {
    expect(await run("chips stm32f407vgt6")).toEqual({
      code: 0,
      err: "",
      out: `STM32F407VG: cortex-m4; target: cortex-m4
CCMRAM  0x10000000   64 KiB  Tightly coupled to the core. The CPU alone reaches it, no DMA does. (ST
                             RM0090, 2.1)
SRAM    0x20000000  112 KiB  DMA reaches it. (ST RM0090, 2.1)
SRAM2   0x2001c000   16 KiB  DMA reaches it. (ST RM0090, 2.1)
`,
    });
  });

  it("says that a core has no target yet, which is nearest, and what is not known", async () => {
    expect((await run("chips R7FA8D1AF")).out)
      .toBe(`R7FA8D1AF: cortex-m85; target: no target yet; nearest: cortex-m33
(the core executes its instructions too, with other timing)
SRAM  0x22000000  896 KiB  Whether DMA reaches it is not known here.
`);
  });

  it("tells of mirrors, of regions for code, and of two cores", async () => {
    const { out } = await run("chips RP2040");
    expect(out).toContain("RAM  0x21000000   64 KiB  Other addresses of another region's bytes.\n");
    expect(out).toContain("Two cores of the same kind.");
    expect((await run("chips STM32H745ZI")).out).toMatch(
      /^STM32H745ZI: cortex-m7 and cortex-m4; target: cortex-m7\n/,
    );
    expect((await run("chips STM32H743ZI")).out).toContain("ITCM     0x00000000   64 KiB  For code.\n");
  });

  it("lists several, sorted, with their RAM", async () => {
    const { out } = await run("chips STM32F407");
    expect(out.split("\n").slice(0, 3)).toEqual([
      "chip         core       target     RAM",
      "STM32F407IE  cortex-m4  cortex-m4  CCMRAM 64 KiB, SRAM 112 KiB, SRAM2 16 KiB",
      "STM32F407IG  cortex-m4  cortex-m4  CCMRAM 64 KiB, SRAM 112 KiB, SRAM2 16 KiB",
    ]);
    expect(out.split("\n")).toHaveLength(8);
  });

  it("fits what it lists into 100 columns, all chips too", async () => {
    for (const line of ["chips", "chips STM32H7", "chips S", "chips CH32", "chips R7KA8"]) {
      const { out } = await run(line);
      expect(out.split("\n").filter((row) => row.length > 100)).toEqual([]);
    }
  });

  it("sums up all by core and family", async () => {
    const { out } = await run("chips");
    expect(out).toContain("cortex-m4: 1,536 chips, cortex-m4\n  S32K1 179,");
    expect(out).toContain(
      "cortex-m85: 44 chips, no target yet; nearest: cortex-m33\n  R7KA 20, R7JA 14, R7FA 10\n",
    );
    expect(out).toContain("hazard3: 1 chip, ");
    expect(out).toMatch(/\n4,372 chips; "alloc-gen chips STM32F4" lists those of a name\n$/);
  });

  it("prints all of it as JSON", async () => {
    const one = JSON.parse((await run("chips STM32F407VG --json")).out) as { chips: unknown[] };
    expect(one).toMatchObject({
      version: 1,
      name: "STM32F407VG",
      chips: [{ name: "STM32F407VG", core: "cortex-m4", target: "cortex-m4" }],
    });
    expect(one.chips[0]).toMatchObject({
      regions: [
        { name: "CCMRAM", start: 0x10000000, bytes: 65536, kind: "coupled", facts: { dma: false } },
        { name: "SRAM", kind: "ram", facts: { dma: true, source: "ST RM0090, 2.1" } },
        { name: "SRAM2" },
      ],
    });
    expect(JSON.parse((await run("chips esp32c3 --json")).out)).toMatchObject({
      chips: [{ target: "rv32imc" }],
    });
    expect(JSON.parse((await run("chips CH32V003F4P6 --json")).out)).toMatchObject({
      chips: [{ target: "rv32ec" }],
    });
    expect(JSON.parse((await run("chips --json")).out)).toMatchObject({ version: 1, count: 4372 });
  });

  it("refuses what is like no chip, with the nearest", async () => {
    expect(await run("chips STM32F407VX")).toEqual({
      code: 2,
      out: "",
      err: 'alloc-gen: unknown chip "STM32F407VX"; did you mean "STM32F407VE", "STM32F407VG" or "STM32F407IE"? ("alloc-gen chips STM32F4" searches)\n',
    });
  });
});

describe("--chip", () => {
  const written = () => readFileSync(join(folder, "alloc-gen.json"), "utf8");

  it("makes a config, from which the C is generated", async () => {
    expect(await run("init --chip stm32f407vgt6")).toEqual({
      code: 0,
      out: "",
      err: 'stm32f407vgt6 is STM32F407VG, a cortex-m4; the file says what is known of its RAM\nwrote alloc-gen.json; "alloc-gen" generates and proves the allocator\n',
    });
    expect((await run(`generate ${folder}`)).code).toBe(0);
    expect(readdirSync(join(folder, "generated")).toSorted()).toEqual([
      "app_heap.c",
      "app_heap.h",
      "app_heap.layout.ts",
    ]);
    expect((await run(`explain ${folder} --json`)).code).toBe(0);
  });

  it("makes a heap in each memory when asked", async () => {
    expect((await run("init --chip STM32F407VG --heaps regions --quiet")).err).toBe("");
    expect(written()).toContain('"fallback": ["ccmram_heap", "sram_heap"]');
    expect((await run(`generate ${folder} --quiet`)).code).toBe(0);
    expect(readdirSync(join(folder, "generated"))).toContain("ccmram_heap.c");
  });

  it.each([
    ["init --chip STM32F4", /^alloc-gen: --chip: "STM32F4" begins the names of 149 chips /],
    [
      "init --chip R7FA8D1AF",
      /^alloc-gen: --chip: R7FA8D1AF has a cortex-m85 core, for which there is no target yet; nearest is "cortex-m33"/,
    ],
    ["init --chip STM32F103C8 --heaps regions", /several memories, and STM32F103C8 has one/],
    ["init --heaps regions", /name it with --chip/],
    ["init --chip STM32F407VG --heaps both", /--heaps is "both" \(allowed: one, regions\)/],
    ["time a.elf --call f --chip STM32F4", /^alloc-gen: --chip: "STM32F4" begins/],
    ["time a.elf --call f --chip R7FA8D1AF", /no target yet; nearest is "cortex-m33"/],
    [
      "time a.elf --call f --chip STM32F407VG --target cortex-m0",
      /--target is cortex-m0, and STM32F407VG has a cortex-m4/,
    ],
    ["time a.elf --call f --chip STM32F407VG", /no such file: a\.elf/],
    ["time a.elf --call f --chip STM32H745ZI --target cortex-m4", /no such file: a\.elf/],
  ])("%s: exit code 2, and nothing is written", async (line, message) => {
    const { code, err } = await run(line);
    expect(err).toMatch(message);
    expect({ code, files: readdirSync(folder) }).toEqual({ code: 2, files: [] });
  });

  it("stands for the target of a config that is there", async () => {
    const config =
      '{ "name": "app_heap", "target": "cortex-m0", "heap": { "size": "32KiB" },\n"policy": { "kind": "segregated-fit" } }';
    writeFileSync(join(folder, "alloc-gen.json"), config);
    expect((await run(`generate ${folder} --chip STM32F407VG --quiet`)).code).toBe(0);
    const code = () => readFileSync(join(folder, "generated", "app_heap.c"), "utf8");
    const withChip = code();
    expect((await run(`generate ${folder} --target cortex-m4 --quiet`)).code).toBe(0);
    expect(code()).toBe(withChip);
    const { code: refused, err } = await run(`generate ${folder} --chip STM32F030F4`);
    expect(refused).toBe(2);
    expect(err).toMatch(
      /alloc-gen\.json:1:64: heap\.size: found 32768 bytes \(32 KiB\), but the largest RAM of STM32F030F4 in one piece is SRAM, 4096 bytes \(4 KiB\)\n$/,
    );
    expect((await run(`generate ${folder} --chip R7FA8D1AF`)).code).toBe(2);
  });
});

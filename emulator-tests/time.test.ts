/** `alloc-gen time`, run as a user would: on object files and on linked programs. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runWords } from "../src/cli/run-words.fixture.js";
import { timeFunction, type TimeReport } from "../src/function-timing/time-function.js";
import { loadTarget } from "../src/targets/load.js";
import { loadCallable } from "../src/toolchain/callable.js";
import { armTargets } from "./support/targets.js";

const assembly = `.syntax unified
.thumb
.text
.macro function name
.balign 4
.global \\name
.type \\name, %function
\\name:
.endm
function add5
  ldr r12, [sp]
  add r0, r12
  bx lr
function sum_words
  movs r3, #0
1: ldr r2, [r0], #4
  add r3, r2
  subs r1, #1
  bne 1b
  mov r0, r3
  bx lr
function counted
  ldr r1, [r0]
  adds r1, #1
  str r1, [r0]
2: subs r1, #1
  bne 2b
  bx lr
function outer
  push {r4, lr}
  bl inner
  pop {r4, pc}
.type inner, %function
inner:
  movs r0, #7
  bx lr
function store_word
  str r1, [r0]
  bx lr
function load_through
  ldr r0, [r0, #4]
  ldrb r0, [r0]
  bx lr
function same
  bx lr
function measures
  ldr r1, =0xE0001004
  ldr r0, [r1]
  nop
  nop
  nop
  udiv r2, r2, r2
  ldr r1, [r1]
  subs r0, r1, r0
  bx lr
function restarts
  ldr r1, =0xE0001004
  movs r0, #0
  str r0, [r1]
  b 4f
4: ldr r0, [r1]
  bx lr
.pool
function strays
  ldr r0, [r0]
  bx lr
function recurses
  push {r0, lr}
  bl recurses
  pop {r0, pc}
function endless
  b endless
function slips
  b 3f
3: .short 0x4770
.type table, %object
.data
table: .word 1
.text
function needs
  b elsewhere
`;

/** What the C library has to define. */
const copies = `#include <string.h>
int copies(char *to, const char *from, unsigned bytes) { memcpy(to, from, bytes); return strlen(to); }
`;

/** Initialized data, data that is zero, and constants. */
const placed = `int initial = 40;
int zero;
const int constant = 2;
int sum(void) { zero += initial; return zero + *(const volatile int *)&constant; }
`;

const c = `unsigned twice(unsigned x)
{
    return x + x;
}
void _start(void) { for (;;) { } }
`;

let folder = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "alloc-gen-time-"));
  const compile = (name: string, text: string, ...flags: readonly string[]) => {
    writeFileSync(join(folder, name), text);
    execFileSync("arm-none-eabi-gcc", ["-mthumb", "-mfloat-abi=soft", ...flags, name], { cwd: folder });
  };
  const whole = assembly.replace(/function needs[^]*$/, "");
  compile("code.s", whole, "-mcpu=cortex-m4", "-c", "-o", "code.o");
  compile("needs.s", assembly, "-mcpu=cortex-m4", "-c", "-o", "needs.o");
  compile(
    "wide.s",
    ".syntax unified\n.global wide\n.type wide, %function\nwide: udiv r0, r0, r1\nbx lr\n",
    "-mcpu=cortex-m4",
    "-c",
    "-o",
    "wide.o",
  );
  for (const name of armTargets) {
    compile("placed.c", placed, ...loadTarget(name).compilerFlags, "-O1", "-c", "-o", `${name}.o`);
  }
  const reads = "unsigned reads(void) { return *(volatile unsigned *)0xE0001004; }\n";
  compile("small.c", reads, "-mcpu=cortex-m0", "-O1", "-c", "-o", "small.o");
  compile("copies.c", copies, "-mcpu=cortex-m4", "-O1", "-c", "-o", "copies.o");
  compile("placed.c", placed, "-mcpu=arm7tdmi", "-marm", "-O1", "-c", "-o", "a32.o");
  const double = "double times(double a, double b) { return a * b; }\n";
  const hard = ["-mcpu=cortex-m7", "-mfpu=fpv5-d16", "-mfloat-abi=hard", "-O1"];
  compile("double.c", double, ...hard, "-c", "-o", "double.o");
  // The signature of a 64-bit file.
  writeFileSync(join(folder, "x86.o"), Buffer.concat([Buffer.from("\x7fELF\x02\x01"), Buffer.alloc(58)]));
  const place = ["-nostdlib", "-Wl,-n,-Ttext=0x8000100,-e,_start"];
  compile("main.c", c, "-mcpu=cortex-m4", "-O1", "-g", ...place, "-o", "main.elf");
});
afterAll(() => rmSync(folder, { recursive: true }));

const time = (...words: readonly string[]) =>
  runWords(["time", ...words], { folder, pipeline: () => import("../src/pipeline.js") });

async function report(...words: readonly string[]): Promise<TimeReport> {
  const { code, out, err } = await time(...words, "--json");
  expect(err).toBe("");
  expect(code).toBe(0);
  return JSON.parse(out) as TimeReport;
}

describe("an object file", () => {
  it("is given arguments in registers, then on the stack", async () => {
    const { returned, first, estimate, cycleModel } = await report(
      ...["code.o", "--call", "add5", "--arg", "40", "--arg", "0", "--arg", "0", "--arg", "0", "--arg", "2"],
    );
    expect(returned).toEqual({ register: "r0", value: 42 });
    expect(first).toEqual({ instructions: 3, cycles: 2 + 1 + 2 });
    expect(estimate).toBe(false);
    expect(cycleModel).toMatch(/^cortex-m4 pipeline/);
  });

  it("is given the address of a file's bytes", async () => {
    writeFileSync(join(folder, "words.bin"), Uint32Array.of(1, 20, 300));
    const { returned, first } = await report(
      "code.o",
      "--call",
      "sum_words",
      "--arg",
      "@words.bin",
      "--arg",
      "3",
    );
    expect(returned.value).toBe(321);
    // The loop's first instruction is wide and not aligned: each jump to it takes one cycle more.
    expect(first.cycles).toBe(1 + (2 + 1 + 1) * 3 + 2 * (2 + 1) + 1 + 1 + 2);
  });

  it("keeps its memory from call to call", async () => {
    const { calls, first, least, most } = await report(
      ...["code.o", "--call", "counted", "--arg", "buffer:4", "--repeat", "3"],
    );
    const cost = (turns: number) => 2 + 1 + 1 + turns * 3 - 1 + 2;
    expect(calls.map(({ cycles }) => cycles)).toEqual([cost(1), cost(2), cost(3)]);
    expect([first, least, most].map(({ cycles }) => cycles)).toEqual([cost(1), cost(1), cost(3)]);
  });

  it("may be prepared by other calls, which are not counted", async () => {
    const words = ["code.o", "--call", "counted", "--arg", "buffer:4"];
    const prepared = await report(...words, "--before", "store_word:=1,40", "--before", "store_word:=1,7");
    // It counts down from one more than it finds.
    expect(prepared.first.instructions).toBe(3 + 2 * 8 + 1);
    expect(prepared.calls).toHaveLength(1);
    const { returned } = await report(
      ...[
        "code.o",
        "--call",
        "same",
        "--arg",
        "returned",
        "--before",
        "same:11",
        "--before",
        "same:returned",
      ],
    );
    expect(returned.value).toBe(11);
  });

  it("can read the core's cycle counter, and set it", async () => {
    const { returned, first } = await report("code.o", "--call", "measures");
    // The first NOP takes no cycle behind a load.
    expect(returned.value).toBe(2 + 2 + 12);
    expect(first.cycles).toBe(2 + 2 + 2 + 12 + 2 + 1 + 2);
    const { returned: since } = await report("code.o", "--call", "restarts");
    // From the store on, behind which a load begins no earlier than two cycles on.
    expect(since.value).toBe(1 + 2);
    const { code, err } = await time("small.o", "--call", "reads", "--target", "cortex-m0");
    expect([code, err]).toEqual([2, expect.stringContaining("0xe0001004")]);
  });

  it("is given buffers of words, and addresses that are no multiples", async () => {
    writeFileSync(join(folder, "seven"), "\u0007");
    const { returned } = await report("code.o", "--call", "load_through", "--arg", "[1,@seven]");
    expect(returned.value).toBe(7);
    const { returned: address } = await report("code.o", "--call", "same", "--arg", "buffer:8+6");
    expect(address.value % 4096).toBe(6);
  });

  it("may count the caller's BL, and tells functions and instructions apart", async () => {
    const words = ["code.o", "--call", "outer", "--with-call", "--annotate"];
    const { first, functions, instructions } = await report(...words);
    expect(first).toEqual({ instructions: 6, cycles: 2 + 3 + 1 + (1 + 2) + 6 });
    expect(functions).toEqual([
      { name: "outer", instructions: 3, cycles: 3 + 1 + 6 },
      { name: "inner", instructions: 2, cycles: 1 + 2 },
    ]);
    expect(instructions?.map(({ text }) => text.split(" ")[0])).toEqual(["push", "bl", "pop", "movs", "bx"]);
    const m0 = await report("code.o", "--call", "outer", "--with-call", "--target", "cortex-m0plus");
    expect(m0.first.cycles).toBe(3 + 3 + 3 + (1 + 2) + 5);
  });

  it("names what it does not define, and functions it does not have", async () => {
    expect(await time("needs.o", "--call", "needs")).toEqual({
      code: 2,
      out: "",
      err: `alloc-gen: needs.o: has undefined symbols: elsewhere (link it with the code that defines them first)\n`,
    });
    const { code, err } = await time("code.o", "--call", "sum_word");
    expect(code).toBe(2);
    expect(err).toBe('alloc-gen: code.o: has no function "sum_word"; did you mean "sum_words"?\n');
  });

  it("is linked with the C library where asked", async () => {
    const words = ["copies.o", "--call", "copies", "--arg", "buffer:8", "--arg", "@text", "--arg", "6"];
    writeFileSync(join(folder, "text"), "hello\0");
    const { code, err } = await time(...words);
    expect([code, err]).toEqual([2, expect.stringContaining("has undefined symbols: memcpy, strlen")]);
    const { returned, functions } = await report(...words, "--libc");
    expect(returned.value).toBe(5);
    expect(functions.map(({ name }) => name).sort()).toEqual(["copies", "memcpy", "strlen"]);
  });

  it("is placed where asked, which may cost a cycle", async () => {
    const words = ["wide.o", "--call", "wide", "--arg", "8", "--arg", "2"];
    expect((await report(...words)).first.cycles).toBe(12 + 1);
    expect((await report(...words, "--place", "2")).first.cycles).toBe(13 + 1);
    const { code, err } = await time("main.elf", "--call", "twice", "--place", "2");
    expect([code, err]).toEqual([
      2,
      expect.stringContaining("main.elf: is linked already, and stays where it is: --place"),
    ]);
  });

  it.each(armTargets)("has its code in flash and its data in RAM on %s", async (name) => {
    const target = loadTarget(name);
    const path = join(folder, `${name}.o`);
    const { elf } = await loadCallable({ path, file: "placed.o", entry: "sum", target });
    const addressOf = (symbol: string) =>
      elf.symbols.find(({ name: each }) => each === symbol)?.address ?? -1;
    const { flash, ram } = target.memory;
    const inside = ({ origin, length }: typeof flash, at: number) => at >= origin && at < origin + length;
    expect(["sum", "constant"].map((symbol) => inside(flash, addressOf(symbol)))).toEqual([true, true]);
    expect(["initial", "zero"].map((symbol) => inside(ram, addressOf(symbol)))).toEqual([true, true]);
    const { returned } = await report(`${name}.o`, "--call", "sum", "--target", name);
    expect(returned.value).toBe(42);
  });

  it.each([
    [["code.o", "--call", "table"], 'code.o: "table" cannot be called: it is data'],
    [
      ["a32.o", "--call", "sum"],
      'a32.o: "sum" cannot be called: it is A32 code, and the core executes Thumb alone (compile with -mthumb)',
    ],
    [
      ["code.o", "--call", "recurses"],
      "code.o: recurses did not return: it needs more than the 65536 bytes of stack that a call has (a recursion that does not end, or large local variables)",
    ],
    [
      ["double.o", "--call", "times", "--target", "cortex-m7"],
      "double.o: times did not return: the instruction at 0x00000000 needs double-precision floating point, which the emulated core lacks (compile with -mfloat-abi=soft, or with -mfpu=fpv5-sp-d16)",
    ],
    [
      ["double.o", "--call", "times", "--target", "cortex-m7", "--engine", "js"],
      "this engine does not describe floating point: the instruction 0xee200b01; --engine unicorn executes it",
    ],
    [["code.o", "--call", "endless", "--limit", "1000"], "after 1000 instructions (--limit allows more)"],
    [
      ["code.o", "--call", "slips"],
      "where the file has data (in assembly, write code as instructions, not with .short or .word)",
    ],
    [
      ["x86.o", "--call", "sum"],
      "x86.o: malformed ELF file: it is not a 32-bit little-endian file (allowed: what arm-none-eabi-gcc compiles)",
    ],
    [["placed.c", "--call", "sum"], "placed.c: malformed ELF file: it does not begin with the ELF signature"],
    [["none.o", "--call", "sum"], "no such file: none.o"],
  ])("says of %j what is wrong, and what to do", async (words, message) => {
    const { code, out, err } = await time(...words);
    expect(err).toContain(message);
    expect([code, out]).toEqual([2, ""]);
  });

  it("says how far a long call is", async () => {
    const seen: number[] = [];
    const target = loadTarget("cortex-m4");
    const callable = await loadCallable({
      path: join(folder, "code.o"),
      file: "code.o",
      entry: "endless",
      target,
    });
    const limits = { limit: 300_000, onProgress: (instructions: number) => void seen.push(instructions) };
    const asked = {
      callable,
      file: "code.o",
      function: "endless",
      target,
      given: [],
      repeat: 1,
      engine: "js",
    } as const;
    expect(() => timeFunction({ ...asked, withCall: false, annotate: false, ...limits })).toThrow("--limit");
    expect(seen).toEqual([65_535, 131_071, 196_607, 262_143]);
  });

  it("fails where the core would", async () => {
    const strays = await time("code.o", "--call", "strays", "--arg", "0xe0000000");
    expect(strays.code).toBe(2);
    expect(strays.err).toContain("strays did not return: ");
    expect(strays.err).toContain("0xe0000000");
    const wide = await time("wide.o", "--call", "wide", "--target", "cortex-m0");
    expect(wide.code).toBe(2);
    expect(wide.err).toContain("does not exist on this core");
  });
});

describe("a linked program", () => {
  it("stays where it was linked, with its source lines", async () => {
    const { returned, functions, lines, instructions } = await report(
      ...["main.elf", "--call", "twice", "--arg", "21", "--annotate"],
    );
    expect(returned.value).toBe(42);
    expect(functions).toEqual([{ name: "twice", instructions: 2, cycles: 3 }]);
    expect(lines.map(({ line }) => line)).toEqual(["main.c:4"]);
    expect(instructions?.[0]?.address).toBe(0x8000100);
  });

  it("is shown to people", async () => {
    const { out } = await time("main.elf", "--call", "twice", "--arg", "21", "--target", "cortex-m33");
    expect(out).toContain("cycles     modelled: cortex-m33 slots");
    expect(out).toContain("2 instructions, 2 cycles");
  });
});

it.each([
  [["code.o"], "name the function to call"],
  [["code.o", "--call", "add5", "--arg", "x"], "--arg x (allowed: a 32-bit"],
  [["code.o", "--call", "add5", "--repeat", "0"], "--repeat 0 (allowed: 1 to 100000)"],
  [["code.o", "--call", "add5", "--before", "counted:=1"], "--before counted:=1 (allowed: FUNCTION or"],
  [["code.o", "--call", "add5", "--before", "absent"], 'code.o: has no function "absent"'],
  [["code.o", "--call", "add5", "--before", "recurses"], "code.o: recurses did not return"],
  [["code.o", "--call", "add5", "--place", "3"], "--place 3 (allowed: an even number to 4096)"],
  [["code.o", "--call", "add5", "--limit", "-1"], "--limit -1 (allowed: 1 to 1000000000000)"],
])("refuses %j", async (words, message) => {
  const { code, err } = await time(...words);
  expect(code).toBe(2);
  expect(err).toContain(message);
});

/** gdb's commands on a program that stands still on an emulated board: what they print is what a walk gave. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { filesFor, supportFile } from "./support/board/generated.js";
import { runCommand } from "./support/run-on-host.js";

let folder = "";
afterEach(() => rm(folder, { recursive: true, force: true }));

/** What gdb prints at `looked_at`, line by line. */
async function look(config: object, commands: readonly string[]): Promise<readonly string[]> {
  folder = await mkdtemp(join(tmpdir(), "alloc-gen-gdb-"));
  const generated = await filesFor({
    name: "app_heap",
    target: "cortex-m4",
    heap: { size: "8KiB" },
    policy: { kind: "segregated-fit" },
    api: { walk: true },
    outputs: ["gdb"],
    ...config,
  });
  const files = [...generated, ...["board.ld", "start.c", "looked-at.c"].map(supportFile)];
  await Promise.all(files.map(({ name, text }) => writeFile(join(folder, name), text)));
  const flags = ["-mcpu=cortex-m4", "-mthumb", "-O1", "-g", "-fno-tree-loop-distribute-patterns"];
  const link = ["-nostartfiles", "-Tboard.ld", "--specs=nosys.specs", "-o", "program.elf"];
  const built = ["start.c", "looked-at.c", "app_heap.c"];
  expect(await runCommand("arm-none-eabi-gcc", [...flags, ...built, ...link], folder)).toBe("");
  const board = "qemu-system-arm -M mps2-an386 -nographic -monitor none -serial none -kernel program.elf";
  const script = [
    "set confirm off",
    `target remote | exec ${board} -S -gdb stdio`,
    "break looked_at",
    "continue",
    "source app_heap-gdb.py",
    "echo begin\\n",
    ...commands,
    "echo end\\n",
    "kill",
  ];
  await writeFile(join(folder, "commands"), script.join("\n"));
  const printed = await runCommand(
    "gdb-multiarch",
    ["-batch", "-nx", "-x", "commands", "program.elf"],
    folder,
  );
  const lines = printed.split("\n");
  return lines.slice(lines.indexOf("begin") + 1, lines.indexOf("end"));
}

/** What the walk kept, as `blocks` prints it. */
const seen = [
  "set $i = 0",
  "while $i < seen_count",
  'printf "0x%08x %8u %u\\n", seen[$i].payload, seen[$i].size, seen[$i].used',
  "set $i = $i + 1",
  "end",
];

describe.each<{ readonly name: string; readonly config: object }>([
  { name: "segregated fit", config: {} },
  {
    name: "best fit, whose headers have a magic number and no bit that says used",
    config: {
      policy: { kind: "sequential-fit", fit: "best" },
      header: { fields: { magic: { bits: 8, value: 0xa5 } } },
    },
  },
  {
    name: "first fit in the order of addresses",
    config: { policy: { kind: "sequential-fit", fit: "first" } },
  },
  {
    name: "a side table of free blocks",
    config: {
      policy: { kind: "sequential-fit", fit: "first" },
      header: { links: { place: "slots", slots: 16 } },
    },
  },
])("with $name", ({ config }) => {
  test("blocks are those of a walk, and sound", async () => {
    const lines = await look(config, ["app_heap blocks", "echo walk\\n", ...seen, "app_heap check"]);
    const walk = lines.indexOf("walk");
    const expected = lines
      .slice(walk + 1, -1)
      .map((line) => line.replace(/1$/, "used").replace(/0$/, "free"));
    expect(expected.length).toBeGreaterThanOrEqual(12);
    // Of a heap that grows into its memory a walk ends where that begins.
    expect(lines.slice(0, walk)).toEqual(expected);
    expect(lines.at(-1)).toBe("the heap is sound");
  });
});

test("an address is found, and the map shows what is in use", async () => {
  const lines = await look({}, [
    "app_heap find inside",
    "app_heap find inside - 5 - 1",
    "app_heap find 0",
    'printf "0x%08x\\n", inside - 5',
    "app_heap map",
  ]);
  const payload = lines[3] ?? "";
  expect(lines[0]).toContain(`is byte 5 of the block ${payload}, `);
  expect(lines[1]).toContain(`is in the header of the block ${payload}, `);
  expect(lines[2]).toBe("0x00000000 is not in the heap");
  const map = lines.slice(4).map((line) => line.split(" ")[1] ?? "");
  expect(map.join("")).toMatch(/^=+\.+\+?#+/);
  expect(map.join("")).toHaveLength(8192 / 8);
});

test("damage is told", async () => {
  const lines = await look({}, [
    "set var *(unsigned char *)(inside - 6) = 0xff",
    "app_heap check",
    "app_heap blocks",
  ]);
  expect(lines.join("\n")).toMatch(
    /damaged: block 0x[0-9a-f]{8}: its size cannot be \d+|the block before it/,
  );
  expect(lines.join("\n")).not.toContain("the heap is sound");
});

test("a policy whose blocks have no headers is refused", async () => {
  const config = {
    name: "app_heap",
    target: "cortex-m4",
    heap: { size: "8KiB" },
    policy: { kind: "bitmap" },
  };
  await expect(filesFor({ ...config, outputs: ["gdb"] })).rejects.toThrow(
    "gdb's commands read headers, and the policy's blocks have none",
  );
});

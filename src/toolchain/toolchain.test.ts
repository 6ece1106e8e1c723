import { chmodSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { AllocGenError } from "../diagnostics.js";
import { machineOf } from "../machine/registry.js";
import { openCache } from "./cache.js";
import { toolSeconds } from "./run-tool.js";
import { describeToolchain, findToolchain } from "./toolchain.js";

let folder = "";
const log = (): string => join(folder, "log");
const cache = () => openCache(join(folder, "cache"));

/** A compiler that notes each run and answers as told. */
function installCompiler(name: string, script: string): string {
  const file = join(folder, name);
  writeFileSync(file, `#!/bin/sh\necho "$@" >> ${log()}\n${script}\n`);
  chmodSync(file, 0o755);
  return file;
}

function failure(run: () => unknown): AllocGenError {
  try {
    run();
  } catch (error) {
    if (error instanceof AllocGenError) {
      return error;
    }
    throw error;
  }
  throw new Error("nothing was thrown");
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "alloc-gen-toolchain-"));
  vi.stubEnv("PATH", folder);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

test("a compiler is found through PATH and tells its version", () => {
  const path = installCompiler("arm-none-eabi-gcc", "echo 12.2.1");
  const toolchain = findToolchain("arm-none-eabi-gcc", cache());
  expect(toolchain).toEqual({
    ...{ family: "gcc", compiler: "arm-none-eabi-gcc", path, version: "12.2.1" },
    targetFlags: [],
  });
  expect(describeToolchain(toolchain, "-O2")).toBe("arm-none-eabi-gcc 12.2.1 -O2");
});

test("a compiler may be a path, and its name may end in a version", () => {
  const path = installCompiler("arm-none-eabi-gcc-13.2", "echo 13.2.0");
  vi.stubEnv("PATH", "");
  const toolchain = findToolchain(path, cache());
  expect(toolchain.path).toBe(path);
  expect(describeToolchain(toolchain, "-Os")).toBe("arm-none-eabi-gcc-13.2 13.2.0 -Os");
});

test("the version is asked once for a file, and again when the file changes", () => {
  const path = installCompiler("arm-none-eabi-gcc", "echo 12.2.1");
  findToolchain("arm-none-eabi-gcc", cache());
  findToolchain("arm-none-eabi-gcc", cache());
  expect(readFileSync(log(), "utf8")).toBe("-dumpfullversion\n");
  installCompiler("arm-none-eabi-gcc", "echo 13.2.0");
  utimesSync(path, 1, 1);
  expect(findToolchain("arm-none-eabi-gcc", cache()).version).toBe("13.2.0");
});

test("Clang is told its target, and the machine's GCC assembles and links", () => {
  const path = installCompiler("clang-14", "echo 14.0.6");
  installCompiler("arm-none-eabi-gcc", "echo 12.2.1");
  const toolchain = findToolchain("clang-14", cache());
  expect(toolchain).toMatchObject({
    ...{ family: "clang", path, version: "14.0.6", targetFlags: ["--target=arm-none-eabi"] },
    linker: { family: "gcc", compiler: "arm-none-eabi-gcc", version: "12.2.1" },
  });
});

test("a missing compiler says what to install", () => {
  const error = failure(() => findToolchain("arm-none-eabi-gcc", cache()));
  expect(error.exitCode).toBe(3);
  expect(error.message).toBe(
    [
      "arm-none-eabi-gcc was not found; install it with:",
      "  Debian, Ubuntu:   sudo apt-get install gcc-arm-none-eabi libnewlib-arm-none-eabi",
      "  macOS, Homebrew:  brew install --cask gcc-arm-embedded",
    ].join("\n"),
  );
});

test("neither a folder nor a file without the right to run is a compiler", () => {
  chmodSync(installCompiler("arm-none-eabi-gcc", "echo 1"), 0o644);
  expect(failure(() => findToolchain("arm-none-eabi-gcc", cache())).message).toContain("was not found");
  expect(failure(() => findToolchain(join(folder, "gcc"), cache())).message).toContain("was not found");
});

test("a compiler of no known family", () => {
  expect(failure(() => findToolchain("armcc", cache())).message).toBe(
    'no known toolchain has a compiler called "armcc" (allowed: arm-none-eabi-gcc, clang, riscv64-unknown-elf-gcc)',
  );
});

test("a limit that is none is the default", () => {
  const limits = ["5", "0", "-1", "x", ""].map((text) => toolSeconds({ ALLOC_GEN_TOOL_SECONDS: text }));
  expect([...limits, toolSeconds({})]).toEqual([5, 120, 120, 120, 120, 120]);
});

test.each([
  ["fails", "echo broken >&2; exit 1"],
  ["answers nonsense", "echo hello"],
  ["answers without end", "i=0; while [ $i -lt 5000 ]; do echo hello; i=$((i+1)); done"],
])("a compiler that %s", (_, script) => {
  installCompiler("arm-none-eabi-gcc", script);
  const error = failure(() => findToolchain("arm-none-eabi-gcc", cache()));
  expect(error.exitCode).toBe(3);
  expect(error.message).toMatch(/arm-none-eabi-gcc failed to print its version:\n.*(broken|hello)/s);
  expect(error.message.length).toBeLessThan(1500);
});

test("a compiler that hangs when it is asked its version", () => {
  vi.stubEnv("ALLOC_GEN_TOOL_SECONDS", "0.2");
  vi.stubEnv("PATH", `${folder}:/bin:/usr/bin`);
  const path = installCompiler("arm-none-eabi-gcc", "exec sleep 1000");
  const error = failure(() => findToolchain("arm-none-eabi-gcc", cache()));
  expect([error.exitCode, error.message]).toEqual([
    3,
    `${path} was stopped: it did not print its version within 0.2 seconds (ALLOC_GEN_TOOL_SECONDS allows more)`,
  ]);
});

test("Clang is refused for RISC-V by name", () => {
  installCompiler("clang", "echo 14.0.6");
  const machine = machineOf({ architecture: "RV32IMAC" });
  expect(failure(() => findToolchain("clang", cache(), machine)).message).toBe(
    "compiler clang, for riscv32-unknown-elf, is not available in this version (available: riscv64-unknown-elf-gcc)",
  );
});

import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execFileSync } from "node:child_process";
import { afterEach, expect, test, vi } from "vitest";
import { runOnBoard } from "./run-on-board.js";

afterEach(() => vi.unstubAllEnvs());

const program = {
  files: [{ name: "main.c", text: "int main(void) { return 0; }\n" }],
  objects: ["main.c"],
};

test("a compiler that is missing is no program that does not link", async () => {
  vi.stubEnv("PATH", "/nowhere");
  await expect(runOnBoard(program)).rejects.toThrow("arm-none-eabi-gcc");
});

test("an emulator that is missing is no program that ran", async () => {
  const folder = mkdtempSync(join(tmpdir(), "alloc-gen-path-"));
  try {
    for (const tool of ["arm-none-eabi-gcc", "arm-none-eabi-nm"]) {
      const path = execFileSync("sh", ["-c", `command -v ${tool}`], { encoding: "utf8" }).trim();
      symlinkSync(path, join(folder, tool));
    }
    vi.stubEnv("PATH", folder);
    await expect(runOnBoard(program)).rejects.toThrow("qemu-system-arm");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

import { describe, expect, it } from "vitest";
import { runWords } from "../run-words.fixture.js";
import { checkRequirements, type Requirement } from "../requirements.js";
import { installCommands } from "./doctor.js";

const missing = (name: string, packages: Requirement["packages"]): Requirement => ({
  name,
  neededFor: "use",
  version: undefined,
  packages,
});

describe("installCommands", () => {
  it("is empty when nothing is missing", () => {
    expect(installCommands([])).toEqual({});
  });

  it("joins the packages of each way of installing, each once", () => {
    expect(
      installCommands([
        missing("arm-none-eabi-gcc", { apt: "gcc-arm-none-eabi", brew: "--cask gcc-arm-embedded" }),
        missing("newlib", { apt: "libnewlib-arm-none-eabi", brew: "--cask gcc-arm-embedded" }),
        missing("libunicorn", { apt: "libunicorn2", brew: "unicorn" }),
        missing("koffi", { npm: "koffi" }),
      ]),
    ).toEqual({
      npm: "npm install",
      apt: "sudo apt-get install --no-install-recommends gcc-arm-none-eabi libnewlib-arm-none-eabi libunicorn2",
      brew: "brew install --cask gcc-arm-embedded && brew install unicorn",
    });
  });
});

describe("doctor", () => {
  it("finds Node and every npm package it runs with, with their versions", () => {
    const found = new Map(checkRequirements().map(({ name, version }) => [name, version]));
    expect(found.get("node")).toBe(process.versions.node);
    for (const name of ["koffi", "zod", "yargs", "handlebars"]) {
      expect(found.get(name)).toMatch(/^\d+\.\d+\.\d+/);
    }
    expect([...found.keys()]).toEqual(
      expect.arrayContaining([
        "arm-none-eabi-gcc",
        "newlib",
        "libunicorn",
        "qemu-system-arm",
        "qemu-system-riscv32",
        "riscv64-unknown-elf-gcc",
        "cppcheck",
        "clang",
        "clang-tidy",
      ]),
    );
  });

  it("prints the same facts as JSON", async () => {
    const { code, out } = await runWords(["doctor", "--json"], { folder: "/" });
    const parsed = JSON.parse(out) as { ok: boolean; requirements: { name: string; ok: boolean }[] };
    expect(parsed.requirements.find(({ name }) => name === "node")).toMatchObject({ ok: true });
    expect(code).toBe(parsed.ok ? 0 : 3);
  });
});

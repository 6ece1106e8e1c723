/** The rules of docs/architecture.md on who may import whom, types included. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { checkoutAt } from "../scripts/house/checkout.js";
import { importCircles, readSources } from "../scripts/house/sources.js";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const all = readSources(checkoutAt(root));
const sources = all.filter(({ path }) => path.startsWith("src/") && !path.endsWith(".test.ts"));

const isIn = (folder: string, path: string): boolean => path.startsWith(`src/${folder}/`);

/** "importer -> imported" for every import that `forbids` names. */
function violations(forbids: (importer: string, imported: string) => boolean): readonly string[] {
  return sources.flatMap(({ path, imports }) =>
    imports.filter((imported) => forbids(path, imported)).map((imported) => `${path} -> ${imported}`),
  );
}

/** Folders, and what they know nothing of, for it is made of them. */
const above: Readonly<Record<string, readonly string[]>> = {
  config: ["plan", "csource", "reference", "verify", "report", "toolchain", "emulators"],
  plan: ["policies", "outputs", "verify", "report", "toolchain", "emulators"],
  csource: ["policies", "outputs", "verify", "report", "toolchain", "emulators"],
  reference: ["policies", "outputs", "verify", "report"],
  layout: ["policies", "outputs", "verify", "report"],
  inspect: ["policies", "outputs", "verify", "report"],
  policies: ["outputs", "verify", "report", "toolchain", "emulators"],
  toolchain: ["policies", "outputs", "verify", "report", "emulators"],
  machine: ["policies", "plan", "csource", "outputs", "verify", "report", "emulators"],
  emulators: ["outputs", "verify", "report"],
  verify: ["outputs", "report"],
};

describe("imports", () => {
  it("are seen", () => {
    expect(sources.length).toBeGreaterThan(100);
    expect(violations((importer, imported) => isIn("cli", importer) && isIn("report", imported))).not.toEqual(
      [],
    );
  });

  it("go in no circle", () => {
    expect(importCircles(all)).toEqual([]);
  });

  it("go to nothing that stands above in the pipeline", () => {
    const isUpward = (importer: string, imported: string): boolean =>
      Object.entries(above).some(
        ([folder, others]) => isIn(folder, importer) && others.some((other) => isIn(other, imported)),
      );
    expect(violations(isUpward)).toEqual([]);
  });

  it("of the config go to an output's own part of it and to nothing else of outputs", () => {
    const isOther = (path: string): boolean => isIn("outputs", path) && !path.endsWith("/config.ts");
    expect(violations((importer, imported) => isIn("config", importer) && isOther(imported))).toEqual([]);
  });

  it("of fixtures, the toys among them, are tests' alone: what there are several of is added in one place", () => {
    expect(
      violations((importer, imported) => /\.fixture\./.test(imported) && !/\.fixture\./.test(importer)),
    ).toEqual([]);
  });

  it("of benches go to no test", () => {
    const benches = all.filter(({ path }) => path.startsWith("bench/"));
    expect(benches.length).toBeGreaterThan(3);
    const ofTests = (path: string): boolean =>
      path.startsWith("emulator-tests/") || path.endsWith(".test.ts");
    expect(benches.filter(({ imports }) => imports.some(ofTests)).map(({ path }) => path)).toEqual([]);
  });
});

it("docs/architecture.md names files that are there", () => {
  const described = readFileSync(join(root, "docs", "architecture.md"), "utf8");
  const named = described.matchAll(/`((?:src|templates|targets)\/[\w/.-]+\.\w+)`/g);
  const paths = Array.from(named, ([, path = ""]) => path);
  expect(paths.length).toBeGreaterThan(20);
  expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

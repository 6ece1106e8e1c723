/** The rules of docs/architecture.md, held against every import. */
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { Project, SyntaxKind, type SourceFile } from "ts-morph";
import { describe, expect, it } from "vitest";

const sourceFolder = dirname(fileURLToPath(import.meta.url));

interface Source {
  /** Path from src/, without the ending: "cli/main". */
  readonly name: string;
  readonly file: SourceFile;
  /** Modules of the project as names; others ("node:fs", "zod") as they are written. */
  readonly imports: readonly string[];
}

const sources: readonly Source[] = new Project({ skipAddingFilesFromTsConfig: true })
  .addSourceFilesAtPaths([join(sourceFolder, "**/*.ts"), `!${join(sourceFolder, "**/*.test.ts")}`])
  .map((file) => ({ name: nameOf(file.getFilePath()), file, imports: importsOf(file) }));

function nameOf(path: string): string {
  return relative(sourceFolder, path).replace(/\.[jt]s$/, "");
}

function importsOf(file: SourceFile): readonly string[] {
  const declared = [...file.getImportDeclarations(), ...file.getExportDeclarations()].flatMap(
    (declaration) => declaration.getModuleSpecifierValue() ?? [],
  );
  const dynamic = file
    .getDescendantsOfKind(SyntaxKind.CallExpression)
    .filter((call) => call.getExpression().getKind() === SyntaxKind.ImportKeyword)
    .flatMap((call) => call.getArguments()[0]?.asKind(SyntaxKind.StringLiteral)?.getLiteralValue() ?? []);
  return [...declared, ...dynamic].map((module) =>
    module.startsWith(".") ? nameOf(resolve(file.getDirectoryPath(), module)) : module,
  );
}

/** "importer -> imported" for every import that `forbids` names. */
function violations(forbids: (importer: string, imported: string) => boolean): readonly string[] {
  return sources.flatMap(({ name, imports }) =>
    imports.filter((imported) => forbids(name, imported)).map((imported) => `${name} -> ${imported}`),
  );
}

const isIn = (folder: string, name: string): boolean => name === folder || name.startsWith(`${folder}/`);

/** Modules that may touch the outside, and why. */
const outside: Readonly<Record<string, string>> = {
  cli: "the user",
  toolchain: "compilers and their cache",
  emulators: "native libraries",
  "config/load": "the config file",
  "targets/load": "the target's data",
  "traces/read": "recorded traces",
  "peers/load": "descriptions of other allocators",
  "emit/render": "the templates",
  "outputs/layout-module/read-decoder": "the decoders",
  "package-folder": "where the package stands",
};
const outsideModules = /^node:(?:fs|child_process|net|http|https|worker_threads|os)(?:\/.*)?$/;

describe("the architecture", () => {
  it("sees the sources and their imports", () => {
    expect(sources.length).toBeGreaterThan(30);
    const main = sources.find(({ name }) => name === "cli/main");
    expect(main?.imports).toEqual(["cli/program", "cli/surroundings"]);
    const surroundings = sources.find(({ name }) => name === "cli/surroundings");
    expect(surroundings?.imports.filter((imported) => imported === "pipeline")).toHaveLength(2);
  });

  it("lets nothing import the command line", () => {
    expect(violations((importer, imported) => isIn("cli", imported) && !isIn("cli", importer))).toEqual([]);
  });

  it("touches files and processes in named places only", () => {
    const places = Object.keys(outside);
    expect(
      violations(
        (importer, imported) =>
          outsideModules.test(imported) && !places.some((place) => isIn(place, importer)),
      ),
    ).toEqual([]);
  });

  it("prints and exits in the command line only", () => {
    const offenders = sources
      .filter(({ name }) => !isIn("cli", name))
      .filter(({ file }) =>
        file
          .getDescendantsOfKind(SyntaxKind.PropertyAccessExpression)
          .some((access) =>
            /^(?:console\.\w+|process\.(?:exit|exitCode|stdout|stderr|stdin))$/.test(access.getText()),
          ),
      );
    expect(offenders.map(({ name }) => name)).toEqual([]);
  });

  it("keeps the reference apart from the C it is held against", () => {
    const isC = (name: string): boolean =>
      ["emit", "toolchain", "emulators"].some((folder) => isIn(folder, name));
    const isReference = (name: string): boolean =>
      isIn("reference", name) || /^(?:policies|outputs)\/[^/]+\/reference/.test(name);
    expect(violations((importer, imported) => isReference(importer) && isC(imported))).toEqual([]);
  });

  it("keeps policies out of the emulators and the build", () => {
    const knows = (name: string): boolean =>
      ["policies", "reference", "plan", "emit"].some((folder) => isIn(folder, name));
    expect(violations((importer, imported) => isIn("emulators", importer) && knows(imported))).toEqual([]);
  });

  it("loads ts-morph, which is slow to load, for the build of the package only", () => {
    const users = violations((_importer, imported) => imported === "ts-morph");
    expect(users).toEqual(["outputs/layout-module/split-decoder -> ts-morph"]);
    expect(violations((_importer, imported) => imported === "outputs/layout-module/split-decoder")).toEqual([
      "outputs/layout-module/read-decoder -> outputs/layout-module/split-decoder",
    ]);
  });

  it("has no cycle of imports between files", () => {
    expect(findCycle()).toEqual([]);
  });

  it("keeps every file within 300 lines", () => {
    const long = sources.filter(({ file }) => file.getEndLineNumber() > 300);
    expect(long.map(({ name, file }) => `${name}: ${file.getEndLineNumber()}`)).toEqual([]);
  });
});

/** A chain of files that import each other at run time, the first one again at its end; empty when there is none. */
function findCycle(): readonly string[] {
  const runtime = new Map(
    sources.map(({ name, file }) => [
      name,
      file
        .getImportDeclarations()
        .filter((declaration) => !declaration.isTypeOnly())
        .map((declaration) => declaration.getModuleSpecifierValue())
        .filter((module) => module.startsWith("."))
        .map((module) => nameOf(resolve(file.getDirectoryPath(), module))),
    ]),
  );
  const done = new Set<string>();
  const visit = (name: string, path: readonly string[]): readonly string[] => {
    if (path.includes(name)) return [...path.slice(path.indexOf(name)), name];
    if (done.has(name)) return [];
    for (const imported of runtime.get(name) ?? []) {
      const cycle = visit(imported, [...path, name]);
      if (cycle.length > 0) return cycle;
    }
    done.add(name);
    return [];
  };
  return [...runtime.keys()].map((name) => visit(name, [])).find((cycle) => cycle.length > 0) ?? [];
}

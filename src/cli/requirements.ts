/** What alloc-gen needs on this machine, looked up without changing anything. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, isAbsolute, join } from "node:path";
import { packageFolder } from "../package-folder.js";
import { defaultMachine, machines } from "../machine/registry.js";
import { findQemuVersion, findUnicorn } from "./find-emulators.js";

export interface Requirement {
  readonly name: string;
  /**
   * "use": alloc-gen does not work without it. "witness": it does, and then no second engine confirms what it runs.
   * "development": only its own tests need it.
   */
  readonly neededFor: "use" | "witness" | "development";
  /** Words of the command line that need it too. */
  readonly option?: string;
  /** Undefined when it is missing. */
  readonly version: string | undefined;
  /** Packages that bring it; npm packages come with `npm ci`, and sources of packages with `npm test`. */
  readonly packages: {
    readonly apt?: string;
    readonly brew?: string;
    readonly npm?: string;
    readonly aptSource?: string;
  };
}

const minimumNode = [20, 19] as const;

/** Every requirement, in the order one would install them. */
export function checkRequirements(): readonly Requirement[] {
  const compiler = programVersion("arm-none-eabi-gcc");
  const riscvCompiler = programVersion("riscv64-unknown-elf-gcc");
  return [
    { name: "node", neededFor: "use", version: nodeVersion(), packages: { apt: "nodejs", brew: "node" } },
    ...npmPackages(),
    {
      name: "arm-none-eabi-gcc",
      neededFor: "use",
      version: compiler,
      packages: { apt: "gcc-arm-none-eabi", brew: "--cask gcc-arm-embedded" },
    },
    {
      name: "newlib",
      neededFor: "use",
      version: compiler === undefined ? undefined : newlibVersion(),
      packages: { apt: "libnewlib-arm-none-eabi", brew: "--cask gcc-arm-embedded" },
    },
    {
      name: "libunicorn",
      neededFor: "witness",
      option: "--engine unicorn",
      version: findUnicorn(),
      packages: { apt: "libunicorn2", brew: "unicorn" },
    },
    ...machines.map((machine): Requirement => ({
      name: machine.qemu.program,
      neededFor: "development",
      option: `--engine qemu${machine === defaultMachine ? " and --engine both" : `, for ${machine.elf.title}`}`,
      version: findQemuVersion(machine),
      packages: { apt: machine.qemu.debianPackage, brew: "qemu" },
    })),
    {
      name: "riscv64-unknown-elf-gcc",
      neededFor: "development",
      option: "--target of a RISC-V core",
      version: riscvCompiler,
      packages: { apt: "gcc-riscv64-unknown-elf", brew: "riscv-software-src/riscv/riscv-tools" },
    },
    {
      name: "picolibc for RISC-V",
      neededFor: "development",
      option: "--target of a RISC-V core, for programs",
      version: riscvCompiler === undefined ? undefined : riscvLibrary(),
      packages: { apt: "picolibc-riscv64-unknown-elf" },
    },
    {
      name: "picolibc",
      neededFor: "development",
      option: "compare --peer picolibc",
      version: compiler === undefined ? undefined : picolibcVersion(),
      packages: { apt: "picolibc-arm-none-eabi" },
    },
    {
      name: "cppcheck",
      neededFor: "development",
      version: programVersion("cppcheck"),
      packages: { apt: "cppcheck", brew: "cppcheck" },
    },
    {
      name: "clang",
      neededFor: "development",
      option: "toolchain.compiler clang",
      version: programVersion("clang"),
      packages: { apt: "clang", brew: "llvm" },
    },
    {
      name: "chromium",
      neededFor: "development",
      version: programVersion("chromium"),
      packages: { apt: "chromium", brew: "--cask chromium" },
    },
    {
      name: "clang-tidy",
      neededFor: "development",
      version: programVersion("clang-tidy"),
      packages: { apt: "clang-tidy", brew: "llvm" },
    },
    {
      name: "clang's sanitizers",
      neededFor: "development",
      version: versionIf("clang", sanitizersAreThere()),
      packages: { apt: "libclang-rt-dev" },
    },
    {
      name: "gcc -m32",
      neededFor: "development",
      version: versionIf("gcc", compiles("gcc", ["-m32"])),
      packages: { apt: "gcc-multilib" },
    },
    {
      name: "libstdc++ for arm-none-eabi",
      neededFor: "development",
      version: versionIf("arm-none-eabi-g++", crossLibraryIsThere()),
      packages: { apt: "libstdc++-arm-none-eabi-newlib", brew: "--cask gcc-arm-embedded" },
    },
    development("cmake", "cmake", "cmake"),
    development("meson", "meson", "meson"),
    development("ninja", "ninja-build", "ninja"),
    development("rustc", "rustc", "rust"),
    development("gdb-multiarch", "gdb-multiarch"),
    development("parallel", "parallel", "parallel"),
    ...[
      { name: "lua", header: "lua5.4/lua.h", apt: "liblua5.4-dev", brew: "lua" },
      { name: "cJSON", header: "cjson/cJSON.h", apt: "libcjson-dev", brew: "cjson" },
      { name: "mbedtls", header: "mbedtls/version.h", apt: "libmbedtls-dev", brew: "mbedtls" },
      { name: "sqlite", header: "sqlite3.h", apt: "libsqlite3-dev", brew: "sqlite" },
    ].map(({ name, header, apt, brew }): Requirement => ({
      name,
      neededFor: "development",
      version: compiles("gcc", [], header) ? "installed" : undefined,
      packages: { apt, brew },
    })),
    ...["lua5.4", "cjson"].map((aptSource): Requirement => ({
      name: `sources of ${aptSource}`,
      neededFor: "development",
      version: existsSync(join(packageFolder(), ".sources", aptSource)) ? "fetched" : undefined,
      packages: { aptSource },
    })),
  ];
}

/** A program that only tests need. */
const development = (program: string, apt: string, brew?: string): Requirement => ({
  name: program,
  neededFor: "development",
  version: programVersion(program),
  packages: { apt, ...(brew === undefined ? {} : { brew }) },
});

function nodeVersion(): string | undefined {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const enough = major > minimumNode[0] || (major === minimumNode[0] && minor >= minimumNode[1]);
  return enough ? process.versions.node : undefined;
}

/** The packages this one depends on at run time. */
function npmPackages(): readonly Requirement[] {
  const { dependencies } = readPackage(packageFolder());
  return Object.keys(dependencies).map((name) => ({
    name,
    neededFor: "use",
    version: installedVersion(name),
    packages: { npm: name },
  }));
}

/** As Node resolves it: the nearest node_modules upwards. */
function installedVersion(name: string): string | undefined {
  let folder = packageFolder();
  for (;;) {
    const installed = join(folder, "node_modules", name);
    if (existsSync(join(installed, "package.json"))) return readPackage(installed).version;
    if (dirname(folder) === folder) return undefined;
    folder = dirname(folder);
  }
}

function readPackage(folder: string): { version: string; dependencies: Record<string, string> } {
  const read = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
    version: string;
    dependencies?: Record<string, string>;
  };
  return { version: read.version, dependencies: read.dependencies ?? {} };
}

/** First version number a program prints; undefined when it cannot be run. */
function programVersion(program: string): string | undefined {
  const { status, stdout } = spawnSync(program, ["--version"], { encoding: "utf8" });
  if (status !== 0) return undefined;
  return (
    /\d+\.\d+(?:\.\d+)?(?!.*\d+\.\d+\.\d+)/.exec(stdout.slice(0, 200).split("\n", 1)[0] ?? "")?.[0] ??
    "unknown version"
  );
}

/** Of the program that a part belongs to, where the part is there. */
const versionIf = (program: string, isThere: boolean): string | undefined =>
  isThere ? programVersion(program) : undefined;

/** Whether programs of the machine that runs us can be compiled with these flags: headers of a C library included. */
function compiles(compiler: string, flags: readonly string[], header = "stdlib.h"): boolean {
  const words = [...flags, "-fsyntax-only", "-x", "c", "-"];
  return spawnSync(compiler, words, { encoding: "utf8", input: `#include <${header}>\n` }).status === 0;
}

/** The compiler prints no absolute path for a file it does not have. */
function crossLibraryIsThere(): boolean {
  const { stdout } = spawnSync("arm-none-eabi-g++", ["-print-file-name=libstdc++.a"], { encoding: "utf8" });
  return isAbsolute((stdout as string | null)?.trim() ?? "");
}

function sanitizersAreThere(): boolean {
  const { status, stdout } = spawnSync("clang", ["-print-resource-dir"], { encoding: "utf8" });
  return status === 0 && existsSync(join(stdout.trim(), "lib", "linux", "libclang_rt.asan-i386.a"));
}

/** The C library's headers: the compiler prints no absolute path for a file it does not have. */
function newlibVersion(): string | undefined {
  const { stdout } = spawnSync("arm-none-eabi-gcc", ["-print-file-name=libc.a"], { encoding: "utf8" });
  return isAbsolute(stdout.trim()) ? libraryVersion("newlib.h", "_NEWLIB_VERSION") : undefined;
}

/** The compiler prints no absolute path for a file it does not have. */
function riscvLibrary(): string | undefined {
  const words = ["--specs=picolibc.specs", "-print-file-name=picolibc.specs"];
  const { status, stdout } = spawnSync("riscv64-unknown-elf-gcc", words, { encoding: "utf8" });
  return status === 0 && isAbsolute(stdout.trim()) ? "installed" : undefined;
}

function picolibcVersion(): string | undefined {
  return libraryVersion("picolibc.h", "__PICOLIBC_VERSION__", ["--specs=picolibc.specs"]);
}

/** What a macro of one of the library's headers says; undefined where the compiler has no such header. */
function libraryVersion(header: string, macro: string, flags: readonly string[] = []): string | undefined {
  const input = `#include <${header}>\n${macro}\n`;
  const words = [...flags, "-E", "-P", "-x", "c", "-"];
  const { status, stdout } = spawnSync("arm-none-eabi-gcc", words, { encoding: "utf8", input });
  if (status !== 0) return undefined;
  return /"([\d.]+)"/.exec(stdout)?.[1] ?? "unknown version";
}

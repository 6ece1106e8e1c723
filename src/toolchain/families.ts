/** Families of compilers: what differs between one and another is its record. */
import { basename } from "node:path";
import { clangFlags, gccFlags, type CompilerFlags } from "./flags.js";

export interface ToolchainFamily {
  /** Names its compilers go by, without folder. */
  readonly pattern: RegExp;
  /** Of a compiler, behind the machine's prefix where it is built for one machine. */
  readonly program: string;
  readonly versionArguments: readonly string[];
  readonly flags: CompilerFlags;
  /** A compiler for many machines: it is told which, and the machine's GCC assembles and links. */
  readonly targetFlags?: (triple: string) => readonly string[];
}

export const families = {
  gcc: {
    pattern: /^(?:[\w.]+-)*gcc(?:-[\d.]+)?(?:\.exe)?$/,
    program: "gcc",
    versionArguments: ["-dumpfullversion"],
    flags: gccFlags,
  },
  clang: {
    pattern: /^(?:[\w.]+-)*clang(?:-[\d.]+)?(?:\.exe)?$/,
    program: "clang",
    versionArguments: ["-dumpversion"],
    flags: clangFlags,
    targetFlags: (triple) => [`--target=${triple}`],
  },
} as const satisfies Record<string, ToolchainFamily>;

export type FamilyName = keyof typeof families;

export const familyNames = Object.keys(families).filter((name): name is FamilyName => name in families);

/** A family's record, as one of many. */
export const familyNamed = (name: FamilyName): ToolchainFamily => families[name];

/** The family that a compiler belongs to; undefined: none is known. @param compiler a name or a path */
export const familyOf = (compiler: string): FamilyName | undefined =>
  familyNames.find((name) => families[name].pattern.test(basename(compiler)));

/** The compiler that is meant by a family's name alone. @param prefix the machine's */
export function compilerOf(name: FamilyName, prefix: string): string {
  const { program, targetFlags } = familyNamed(name);
  return targetFlags === undefined ? `${prefix}${program}` : program;
}

/** A compiler of each family. @param prefix the machine's */
export const compilersOf = (prefix: string): readonly string[] =>
  familyNames.map((name) => compilerOf(name, prefix));

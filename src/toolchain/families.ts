/** Families of compilers: what differs between one and another is its record. */
import { basename } from "node:path";
import { gccFlags, type CompilerFlags } from "./flags.js";

export interface ToolchainFamily {
  /** Names its compilers go by, without folder. */
  readonly pattern: RegExp;
  /** Of a compiler, behind the machine's prefix. */
  readonly program: string;
  readonly versionArguments: readonly string[];
  readonly flags: CompilerFlags;
}

export const families = {
  gcc: {
    pattern: /^(?:[\w.]+-)*gcc(?:-[\d.]+)?(?:\.exe)?$/,
    program: "gcc",
    versionArguments: ["-dumpfullversion"],
    flags: gccFlags,
  },
} as const satisfies Record<string, ToolchainFamily>;

export type FamilyName = keyof typeof families;

const familyNames = Object.keys(families).filter((name): name is FamilyName => name in families);

/** The family that a compiler belongs to; undefined: none is known. @param compiler a name or a path */
export const familyOf = (compiler: string): FamilyName | undefined =>
  familyNames.find((name) => families[name].pattern.test(basename(compiler)));

/** A compiler of each family. @param prefix the machine's */
export const compilersOf = (prefix: string): readonly string[] =>
  familyNames.map((name) => `${prefix}${families[name].program}`);

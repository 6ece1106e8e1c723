/** `bench/silicon.jsonc`: functions with published cycles, and what they are built from. */
import { readFileSync } from "node:fs";
import { parse, type ParseError } from "jsonc-parser";
import { z } from "zod";

const program = z.strictObject({
  target: z.string().min(1),
  /** Of the compiler, besides the target's; an -I is relative to the folder of the sources. */
  flags: z.array(z.string().startsWith("-")),
  /** Relative to the folder of the sources. */
  files: z.array(z.string().min(1)).min(1),
  /** Those of them whose code has instructions written as .short. */
  writtenAsData: z.array(z.string().min(1)).default([]),
  /** Whether the C library is linked too. */
  libc: z.boolean().default(false),
  /** Bytes from the start of flash, where the published code's place matters. */
  place: z.number().int().default(0),
  /** Whether the caller's BL is counted. */
  withCall: z.boolean(),
  /** Whether its tables lie in flash beside the code, where they contend for the bus. */
  constantsInFlash: z.boolean().default(false),
  /** Cycles of the code that measures, in all figures. */
  around: z.number().int().nonnegative().default(0),
  cases: z
    .array(
      z.strictObject({
        /** The function, and what it is given. */
        call: z.string().min(1),
        /** As published; of many runs a mean. */
        cycles: z.number().positive(),
        /** Whether a rule was found with the case, or the model only checked. */
        use: z.enum(["rule", "check"]).default("check"),
      }),
    )
    .min(1),
});

export type Program = z.infer<typeof program>;

/** A call with its published cycles, and the program it is a function of. */
export interface PublishedCase {
  readonly name: string;
  readonly program: Program;
  readonly function: string;
  /** As `alloc-gen time --arg` takes them. */
  readonly given: readonly string[];
  readonly published: number;
  /** "flash": it only checks the model, which does not have what its tables in flash cost. */
  readonly use: "rule" | "check" | "flash";
}

/** @throws Error that says what is malformed. */
export function readCases(path: string): readonly PublishedCase[] {
  const errors: ParseError[] = [];
  const json: unknown = parse(readFileSync(path, "utf8"), errors, { allowTrailingComma: true });
  if (errors.length > 0) throw new Error(`${path}: malformed at character ${errors[0]?.offset ?? 0}`);
  return Object.entries(z.record(z.string(), program).parse(json)).flatMap(([name, built]) =>
    built.cases.map(({ call, cycles, use }) => {
      const [called = "", ...given] = call.split(" ");
      const uses = built.constantsInFlash ? "flash" : use;
      return { name, program: built, function: called, given, published: cycles, use: uses };
    }),
  );
}

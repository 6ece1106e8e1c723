/** A search in parts, on machines that share nothing: each does some families, and one joins what they found. */
import { z } from "zod";
import { AllocGenError, diagnose } from "../diagnostics.js";
import { readInputText } from "../input-file.js";
import { decode, encode } from "./encode.js";
import type { FamilyFigures, RacedCandidate } from "./work.js";

/** Part K of N, K from 1 on. */
export interface Shard {
  readonly part: number;
  readonly of: number;
}

/** What was found of a family. */
export interface FoundFamily {
  readonly family: string;
  readonly raced: readonly RacedCandidate[];
  /** Undefined: another family needs far less memory. */
  readonly figures?: FamilyFigures;
}

export interface PartialResult {
  /** Of the search: parts of others are refused. */
  readonly identity: string;
  readonly shard: Shard;
  readonly families: readonly FoundFamily[];
}

/** Families of a part: every Nth, for neighbours in the list take about as long. */
export const familiesOf = (families: readonly string[], { part, of }: Shard): readonly string[] =>
  families.filter((_, index) => index % of === part - 1);

const bytes = z.number().positive();
const counted = z.int().nonnegative();
const cycles = z.number().nonnegative().or(z.literal(Infinity));
const partialSchema = z.strictObject({
  identity: z.string(),
  shard: z.strictObject({ part: counted, of: counted }),
  families: z.array(
    z.strictObject({
      family: z.string(),
      raced: z.array(z.strictObject({ candidate: counted, heapBytes: bytes })),
      figures: z
        .strictObject({
          robust: counted,
          built: z.array(
            z.strictObject({
              candidate: counted,
              optimize: z.enum(["-Os", "-O2", "-O3"]),
              toolchain: z.string(),
              ramBytes: bytes,
              flashBytes: bytes,
              worst: z.strictObject({ malloc: cycles, free: cycles }),
              meanCycles: cycles,
            }),
          ),
        })
        .exactOptional(),
    }),
  ),
});

export const partialText = (result: PartialResult): string => `${encode(result)}\n`;

/**
 * The parts of one search, all of them and each once.
 * @param files absolute path, and what messages name
 * @throws AllocGenError, exit code 2: one cannot be read, is of another search, or a part is missing or there twice
 */
export function readParts(
  files: readonly { readonly path: string; readonly file: string }[],
  identity: string,
): readonly FoundFamily[] {
  const parts = files.map(({ path, file }) => ({ file, ...readPart(path, file) }));
  const of = parts[0]?.shard.of ?? 0;
  for (const { file, identity: found, shard } of parts) {
    if (found !== identity)
      throw refused(
        file,
        "a part of another search: base config, traces, options and tools must be the same",
      );
    if (shard.of !== of) throw refused(file, `part ${shard.part} of ${shard.of}, and others are of ${of}`);
    const [twin] = parts.filter((other) => other.file !== file && other.shard.part === shard.part);
    if (twin !== undefined) throw refused(file, `part ${shard.part}, as ${twin.file} is`);
  }
  const missing = Array.from({ length: of }, (_, index) => index + 1).filter(
    (part) => !parts.some(({ shard }) => shard.part === part),
  );
  if (missing.length > 0)
    throw refused(parts.at(-1)?.file ?? "", `not the last part: ${missing.join(", ")} of ${of} is missing`);
  return parts.flatMap(({ families }) => families);
}

function readPart(path: string, file: string): PartialResult {
  const parsed = partialSchema.safeParse(parsedJson(readInputText(path, file)));
  if (parsed.success) return parsed.data;
  throw refused(file, "no part of a search, as tune --shard writes it");
}

function parsedJson(text: string): unknown {
  try {
    return decode(text);
  } catch {
    return undefined;
  }
}

const refused = (file: string, why: string): AllocGenError =>
  new AllocGenError(2, [diagnose("malformed-part", { why }, { file })]);

/**
 * A decoder's functions and types as records: text, and the places where a layout decides what the text is. Specialising
 * one for a layout then joins strings, and needs no compiler at run time.
 */
import { z } from "zod";

/** What a layout decides, in the terms it is written in: comparisons of its members with constants. */
export type Condition =
  | { readonly kind: "constant"; readonly value: string | number | null }
  /** `layout.header.checksum` is ["header", "checksum"]. A constant null stands for undefined. */
  | { readonly kind: "member"; readonly path: readonly string[] }
  | {
      readonly kind: "same" | "different";
      readonly left: Condition;
      readonly right: Condition;
    };

export type Part =
  /** Text as it stands, and the identifiers in it. */
  | { readonly kind: "text"; readonly text: string; readonly names: readonly string[] }
  /** Parts with the text before them, which goes with them when nothing is left of them. */
  | { readonly kind: "led"; readonly lead: string; readonly parts: readonly Part[] }
  | {
      readonly kind: "choice";
      readonly condition: Condition;
      readonly yes: readonly Part[];
      readonly no: readonly Part[];
    }
  /** A block's statements, where the block stood: without its braces, one step to the left. */
  | { readonly kind: "unwrapped"; readonly parts: readonly Part[] };

export interface Declaration {
  readonly name: string;
  /** Of a function, without the layout. */
  readonly parameters: readonly string[];
  /** All of a type; of a function what stands before its body. Begins with the comment. */
  readonly head: readonly Part[];
  /** Of a function. */
  readonly body: readonly Part[];
}

const conditionSchema: z.ZodType<Condition> = z.lazy(() =>
  z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("constant"), value: z.union([z.string(), z.number(), z.null()]) }),
    z.strictObject({ kind: z.literal("member"), path: z.array(z.string()) }),
    z.strictObject({ kind: z.enum(["same", "different"]), left: conditionSchema, right: conditionSchema }),
  ]),
);

const partsSchema: z.ZodType<readonly Part[]> = z.lazy(() =>
  z.array(
    z.discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("text"), text: z.string(), names: z.array(z.string()) }),
      z.strictObject({ kind: z.literal("led"), lead: z.string(), parts: partsSchema }),
      z.strictObject({
        kind: z.literal("choice"),
        condition: conditionSchema,
        yes: partsSchema,
        no: partsSchema,
      }),
      z.strictObject({ kind: z.literal("unwrapped"), parts: partsSchema }),
    ]),
  ),
);

/** Of a decoder as the package holds it. */
export const decoderSchema: z.ZodType<readonly Declaration[]> = z.array(
  z.strictObject({
    name: z.string(),
    parameters: z.array(z.string()),
    head: partsSchema,
    body: partsSchema,
  }),
);

/** How the config asks for a header field. */
import type { z } from "zod";
import { about } from "../config/describe.js";

/** What the config says of a field, with defaults filled in. What is left out the plan decides. */
export interface FieldSettings {
  /** Width in bits, 1 to 32. */
  readonly bits?: number;
  /** Of a field with a constant. */
  readonly value?: number;
  /** Of the size. */
  readonly unit?: "auto" | "granules" | "bytes";
}

/** Settings of the fields that the config asks for, by their keys; `true` of a field that has none. */
export type FieldChoices = Readonly<Record<string, FieldSettings | true>>;

/** A value that the schema accepts and the field does not: where it stands below the field, and why. */
export interface SettingFault {
  readonly key: string;
  readonly found: string;
  readonly allowed: string;
}

export interface FieldConfig {
  /** Below `header.fields` of the config. */
  readonly key: string;
  /** Optional, with its description. */
  readonly schema: z.ZodType;
  /** The settings of a field that the config does not name; without them it does not ask for it then. */
  readonly unnamed?: FieldSettings;
  /** What the config says, with defaults filled in; undefined where the schema does not accept it. */
  readonly resolve: (
    written: unknown,
    report: (fault: SettingFault) => void,
  ) => FieldSettings | true | undefined;
}

/** The config part of a field: its schema decides the type that `resolve` is given. */
export function fieldConfig<Schema extends z.ZodType>(part: {
  readonly key: string;
  readonly description: string;
  readonly schema: Schema;
  readonly unnamed?: FieldSettings;
  readonly resolve: (
    written: z.output<Schema>,
    report: (fault: SettingFault) => void,
  ) => FieldSettings | true;
}): FieldConfig {
  const { key, description, schema, unnamed, resolve } = part;
  return {
    key,
    schema: about(schema.optional(), description),
    ...(unnamed === undefined ? {} : { unnamed }),
    resolve: (written, report) => {
      const parsed = schema.safeParse(written);
      return parsed.success ? resolve(parsed.data, report) : undefined;
    },
  };
}

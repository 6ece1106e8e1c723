/** What an option is, and what of it a command is given: the type of its value follows from its description. */
import type { Options } from "yargs";

interface Described {
  /** A line of --help. */
  readonly describe: string;
  /** Whether it names a file that the command reads: no report goes over it. */
  readonly isFile?: true;
}

/** Given or not. */
export interface Flag extends Described {
  readonly kind: "flag";
}

/** A text, at most once. */
export interface Text extends Described {
  readonly kind: "text";
}

/** Texts, each behind an option of its own. */
export interface List extends Described {
  readonly kind: "list";
}

/** The word beside the command's own, if there is one. */
export interface Argument extends Described {
  readonly kind: "argument";
}

/** The words beside the command's own. */
export interface Arguments extends Described {
  readonly kind: "arguments";
}

/** One of some words; the first without the option. */
export interface Choice<Word extends string = string> extends Described {
  readonly kind: "choice";
  readonly words: readonly [Word, ...Word[]];
}

export type Option = Argument | Arguments | Flag | Text | List | Choice;
export type OptionTable = Readonly<Record<string, Option>>;

type Value<Of extends Option> = Of extends Flag
  ? boolean
  : Of extends List | Arguments
    ? readonly string[]
    : Of extends Choice<infer Word>
      ? Word
      : string | undefined;

type Camel<Name> = Name extends `${infer Head}-${infer Tail}` ? `${Head}${Capitalize<Camel<Tail>>}` : Name;

/** The values of a table's options, by their names in camel case. */
export type Values<Table extends OptionTable> = {
  readonly [Name in keyof Table as Camel<Name & string>]: Value<Table[Name]>;
};

/** What yargs is told of an option. What is allowed of its value is checked by `valueOf`. */
export function forYargs(option: Option): Options {
  const { describe } = option;
  switch (option.kind) {
    case "flag":
      return { type: "boolean", describe };
    case "argument":
    case "arguments":
      return { type: "string", describe };
    case "text":
    case "choice":
      return { type: "string", requiresArg: true, describe };
    case "list":
      return { type: "string", array: true, requiresArg: true, describe };
  }
}

/**
 * The values of a command's options from what yargs read, by their names on the command line.
 * @param fail throws the sentence as an error of the command line
 */
export function valuesOf<Table extends OptionTable>(
  table: Table,
  read: Readonly<Record<string, unknown>>,
  fail: (what: string) => never,
): Values<Table> {
  const values = Object.entries(table).map(([name, option]) => [
    camelCase(name),
    valueOf(option, name, read[name], fail),
  ]);
  // `valueOf` gives each kind of option the type that `Value` says.
  return Object.fromEntries(values) as Values<Table>;
}

function valueOf(
  option: Option,
  name: string,
  read: unknown,
  fail: (what: string) => never,
): boolean | string | readonly string[] | undefined {
  switch (option.kind) {
    case "flag":
      return read === true;
    case "list":
    case "arguments":
      return Array.isArray(read) ? read.map(String) : [];
    case "argument":
      return textOf(`the ${name}'s name`, read, fail);
    case "text":
      return textOf(`--${name}`, read, fail);
    case "choice": {
      const given = textOf(`--${name}`, read, fail) ?? option.words[0];
      if (option.words.includes(given)) return given;
      return fail(`--${name} is "${given}" (allowed: ${option.words.join(", ")})`);
    }
  }
}

/** @param name as messages say it */
function textOf(name: string, read: unknown, fail: (what: string) => never): string | undefined {
  if (Array.isArray(read)) return fail(`${name} is given twice`);
  if (read === "") return fail(`${name} is empty`);
  return typeof read === "string" ? read : undefined;
}

const camelCase = (name: string): string =>
  name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());

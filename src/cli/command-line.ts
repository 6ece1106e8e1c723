/** From words on the command line to the command to run. */
import yargs, { type Argv } from "yargs";
import { AllocGenError, diagnose } from "../diagnostics.js";
import { packageVersion } from "../package-folder.js";
import { nearestWord } from "../suggest.js";
import { commandGroups, commandNames, type CommandName, type CommandTable } from "./commands.js";
import { forYargs, type Option, type OptionTable } from "./option.js";
import { formatOptions } from "./options.js";
import { usageError } from "./usage-error.js";

/** Either a command with what was read of its options, or the text of `--help` or `--version`. */
export type Parsed =
  | { readonly kind: "command"; readonly name: CommandName; readonly read: Readonly<Record<string, unknown>> }
  | { readonly kind: "text"; readonly text: string };

/** @throws AllocGenError (exit code 2) for an unknown option or command, or a missing value. */
export async function parseCommandLine(written: readonly string[], commands: CommandTable): Promise<Parsed> {
  const words = joinValues(written, commands);
  rejectUnknownOptions(words, commands);
  let chosen: Parsed | undefined;
  const add = (built: Argv, name: CommandName): Argv =>
    addCommand(built, name, commands, (read) => {
      chosen = { kind: "command", name, read };
    });
  const alone = commandNames.filter((name) => groupOf(name) === undefined);
  const parser = Object.entries(commandGroups).reduce(
    (built, [group, description]) => addGroup(built, group, description, add),
    alone.reduce(add, emptyParser()),
  );
  let text = "";
  await parser.parseAsync([...words], {}, (_error: Error | undefined, _values: unknown, output: string) => {
    text = output;
  });
  if (text !== "" || chosen === undefined) return { kind: "text", text: `${text}\n` };
  return chosen;
}

/** All that a command understands: its own options, and those of its formats. */
export function optionsOf(name: CommandName, commands: CommandTable): OptionTable {
  const { options, formats } = commands[name];
  const names = Object.keys(formats);
  return names.length === 0 ? options : { ...options, ...formatOptions(names) };
}

function emptyParser(): Argv {
  return yargs([])
    .scriptName("alloc-gen")
    .locale("en")
    .parserConfiguration({
      "greedy-arrays": false,
      "dot-notation": false,
      "camel-case-expansion": false,
      "boolean-negation": false,
      "parse-numbers": false,
    })
    .strict()
    .wrap(100)
    .version(packageVersion())
    .help()
    .epilogue(
      "Without a config, alloc-gen.json in the working directory is used. Exit codes: 0 all good, 1 the C and the " +
        "reference differ, a budget is exceeded, or a figure regressed, 2 the config or the command line is invalid, 3 a tool is missing or " +
        "failed.",
    )
    .fail((message: string | null, error: Error | undefined) => {
      // YError is how yargs reports an option without its value; anything else thrown is not about the words.
      if (error !== undefined && error.name !== "YError") throw error;
      throw usageError(error?.message ?? message ?? "invalid command line");
    });
}

/** The first word of a command of two words. */
const groupOf = (name: CommandName): string | undefined =>
  name.includes(" ") ? name.slice(0, name.indexOf(" ")) : undefined;

/** Commands of two words that have the first one in common. */
function addGroup(
  parser: Argv,
  group: string,
  description: string,
  add: (parser: Argv, name: CommandName) => Argv,
): Argv {
  const own = commandNames.filter((name) => groupOf(name) === group);
  return parser.command(
    group,
    description,
    (built) => own.reduce(add, built),
    () => {
      throw usageError(`"${group}" takes another word (allowed: ${own.join(", ")})`);
    },
  );
}

function addCommand(
  parser: Argv,
  name: CommandName,
  commands: CommandTable,
  choose: (read: Record<string, unknown>) => void,
): Argv {
  const all = Object.entries(optionsOf(name, commands));
  const named = all.filter(([, option]) => !isBeside(option));
  const beside = all.filter(([, option]) => isBeside(option));
  // "$0" is the command one gets by naming none.
  const own = name === "main" ? "$0" : name.slice(name.indexOf(" ") + 1);
  const usage = [
    own,
    ...beside.map(([word, { kind }]) => (kind === "arguments" ? `[${word}...]` : `[${word}]`)),
  ];
  return parser.command(
    usage.join(" "),
    commands[name].description,
    (built) =>
      beside.reduce(
        (own, [argument, { describe }]) => own.positional(argument, { type: "string", describe }),
        built.options(Object.fromEntries(named.map(([option, described]) => [option, forYargs(described)]))),
      ),
    choose,
  );
}

/** Whether it is a word of its own, and no option. */
const isBeside = ({ kind }: Option): boolean => kind === "argument" || kind === "arguments";

/** The command that is named first: one of two words by both, one behind the other. */
function namedCommand(words: readonly string[]): CommandName {
  const placeOf = (name: CommandName): number => {
    const [first, second] = name.split(" ");
    const isHere = (word: string, index: number): boolean =>
      word === first && (second === undefined || words[index + 1] === second);
    const place = words.findIndex(isHere);
    return name === "main" || place < 0 ? Infinity : place;
  };
  return commandNames.reduce<CommandName>(
    (named, name) => (placeOf(name) < placeOf(named) ? name : named),
    "main",
  );
}

/** "--optimize -O2" and "--arg -1" as one word each: the value looks like an option. */
function joinValues(words: readonly string[], commands: CommandTable): readonly string[] {
  const valued = new Set(commandNames.flatMap((name) => valuedOptions(optionsOf(name, commands))));
  const joined: string[] = [];
  for (const word of words) {
    const before = joined.at(-1);
    if (before !== undefined && valued.has(before) && /^-(?:O|\d)/.test(word)) {
      joined[joined.length - 1] = `${before}=${word}`;
    } else joined.push(word);
  }
  return joined;
}

const valuedOptions = (options: OptionTable): readonly string[] =>
  Object.entries(options).flatMap(([name, { kind }]) =>
    kind === "text" || kind === "list" || kind === "choice" ? [`--${name}`] : [],
  );

/** Yargs names unknown options without a suggestion; this looks for them first. */
function rejectUnknownOptions(words: readonly string[], commands: CommandTable): void {
  const end = words.indexOf("--");
  const own = Object.entries(optionsOf(namedCommand(words), commands)).flatMap(([name, option]) =>
    isBeside(option) ? [] : [name],
  );
  const allowed = [...own, "help", "version"].map((name) => `--${name}`);
  const unknown = words
    .slice(0, end < 0 ? undefined : end)
    .filter((word) => word.startsWith("-") && word !== "-")
    .map((word) => word.replace(/=.*$/s, ""))
    .filter((option) => !allowed.includes(option));
  if (unknown.length === 0) return;
  throw new AllocGenError(
    2,
    unknown.map((option) => diagnose("unknown-option", { option, nearest: nearestWord(option, allowed) })),
  );
}

/** From words on the command line to the command to run. */
import yargs, { type Argv } from "yargs";
import { AllocGenError, diagnose } from "../diagnostics.js";
import { engineChoices, type EngineChoice } from "../emulators/engine.js";
import { packageVersion } from "../package-folder.js";
import { nearestWord } from "../words.js";
import { commandNames, commands, type Command, type CommandName } from "./commands.js";
import { options, type Arguments, type OptionName } from "./options.js";

/** Either a command with its arguments, or the text of `--help` or `--version`. */
export type Parsed =
  | { readonly kind: "command"; readonly name: CommandName; readonly given: Arguments }
  | { readonly kind: "text"; readonly text: string };

/** @throws AllocGenError (exit code 2) for an unknown option or command, a missing or a doubled value. */
export async function parseCommandLine(written: readonly string[]): Promise<Parsed> {
  const words = joinLevel(written);
  rejectUnknownOptions(words);
  let chosen: Parsed | undefined;
  const parser = commandNames.reduce(
    (built, name) =>
      addCommand(built, commands[name], (values) => {
        chosen = { kind: "command", name, given: toArguments(values) };
      }),
    emptyParser(),
  );
  let text = "";
  await parser.parseAsync([...words], {}, (_error: Error | undefined, _values: unknown, output: string) => {
    text = output;
  });
  if (text !== "" || chosen === undefined) return { kind: "text", text: `${text}\n` };
  return chosen;
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
        "reference differ, a budget is exceeded or a figure regressed, 2 the config or the command line is wrong, 3 a tool is missing or " +
        "failed.",
    )
    .fail((message: string | null, error: Error | undefined) => {
      // YError is how yargs reports an option without its value; anything else thrown is not about the words.
      if (error !== undefined && error.name !== "YError") throw error;
      throw usageError(error?.message ?? message ?? "the command line is wrong");
    });
}

function addCommand(parser: Argv, command: Command, choose: (values: Record<string, unknown>) => void): Argv {
  return parser.command(
    command.usage,
    command.description,
    (built) => {
      const own = built.options(Object.fromEntries(command.options.map((name) => [name, options[name]])));
      if (command.file !== undefined) {
        return own.positional("file", { type: "string", describe: command.file });
      }
      return command.usage.endsWith("[config]")
        ? own.positional("config", {
            type: "string",
            describe: "Config file, or a folder with alloc-gen.json",
          })
        : own;
    },
    (values) => choose(values),
  );
}

/** "--optimize -O2" as one word: the value looks like an option. */
function joinLevel(words: readonly string[]): readonly string[] {
  const at = words.findIndex((word, index) => word === "--optimize" && /^-O/.test(words[index + 1] ?? ""));
  return at < 0
    ? words
    : [...words.slice(0, at), `--optimize=${words[at + 1] ?? ""}`, ...words.slice(at + 2)];
}

/** Yargs names unknown options without a suggestion; this looks for them first. */
function rejectUnknownOptions(words: readonly string[]): void {
  const end = words.indexOf("--");
  const named = commandNames.find((name) => name !== "main" && words.includes(name)) ?? "main";
  const allowed = [...commands[named].options, "help", "version"].map((name) => `--${name}`);
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

function toArguments(values: Record<string, unknown>): Arguments {
  return {
    config: textOf(values, "config"),
    target: textOf(values, "target"),
    set: listOf(values["set"]),
    heap: textOf(values, "heap"),
    out: textOf(values, "out"),
    engine: engineOf(values),
    json: values["json"] === true,
    force: values["force"] === true,
    quiet: values["quiet"] === true,
    baseline: textOf(values, "baseline"),
    writeBaseline: values["write-baseline"] === true,
    failOnRegression: textOf(values, "fail-on-regression"),
    peers: listOf(values["peer"]),
    traces: listOf(values["trace"]),
    optimize: textOf(values, "optimize"),
    noLeastHeap: values["no-least-heap"] === true,
    file: textOf(values, "file"),
    call: textOf(values, "call"),
    args: listOf(values["arg"]),
    repeat: textOf(values, "repeat"),
    withCall: values["with-call"] === true,
    annotate: values["annotate"] === true,
    offset: textOf(values, "offset"),
    base: textOf(values, "base"),
    address: textOf(values, "address"),
    elf: textOf(values, "elf"),
    yes: values["yes"] === true,
    development: values["development"] === true,
  };
}

function textOf(values: Record<string, unknown>, name: OptionName | "file"): string | undefined {
  const value = values[name];
  if (Array.isArray(value)) throw usageError(`--${name} is given twice`);
  if (value === "") throw usageError(`${nameOf(name)} is empty`);
  return typeof value === "string" ? value : undefined;
}

function nameOf(name: OptionName | "file"): string {
  if (name === "config") return "the config's name";
  return name === "file" ? "the file's name" : `--${name}`;
}

function engineOf(values: Record<string, unknown>): EngineChoice {
  const given = textOf(values, "engine") ?? "unicorn";
  const choice = engineChoices.find((name) => name === given);
  if (choice !== undefined) return choice;
  const allowed = engineChoices.join(", ");
  throw usageError(`--engine is "${given}" (allowed: ${allowed})`);
}

function listOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function usageError(what: string): AllocGenError {
  return new AllocGenError(2, [diagnose("usage", { what })]);
}

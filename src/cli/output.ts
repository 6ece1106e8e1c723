/** Where a command's report goes, and in which formats. */
import { appendFileSync, realpathSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { AllocGenError, diagnose } from "../diagnostics.js";
import { noFormats, type Format, type Formats } from "../report/format.js";
import { printableColors, printableLines } from "../printable.js";
import { nearestWord } from "../suggest.js";
import type { CliContext } from "./context.js";
import { usageError } from "./usage-error.js";
import { commitWrite, planWrite } from "./write-files.js";

/** Takes a command's report; what a report is printed as is none of the command's business. */
export interface ReportOutput<Report> {
  /** @throws AllocGenError (exit code 2) when a file cannot be written; what goes to standard output is printed then. */
  print(report: Report): Promise<void>;
  /**
   * Names files that the run reads, or writes otherwise.
   * @param paths absolute
   * @throws AllocGenError (exit code 2) when the report would go over one of them
   */
  keep(paths: readonly string[]): void;
  /** Whether a format shows pictures of runs: nobody draws them for others. */
  drawsRuns(): Promise<boolean>;
}

/** What the command line says of formats. */
export interface FormatOptions {
  /** Each "NAME" or "NAME=FILE". */
  readonly format: readonly string[];
  readonly json: boolean;
}

interface Wanted<Report> {
  readonly load: () => Promise<Format<Report>>;
  /** Undefined: standard output. */
  readonly path?: string;
}

/**
 * Checks what is wanted before the command works. Text goes to standard output unless another format does.
 *
 * @throws AllocGenError (exit code 2): a format that the report does not have, two for standard output or for one file
 */
export function planOutput<Report>(
  formats: Formats<Report>,
  { format, json }: FormatOptions,
  context: CliContext,
): ReportOutput<Report> {
  if (formats === noFormats) {
    return {
      print: () => Promise.resolve(),
      keep: () => undefined,
      drawsRuns: () => Promise.resolve(false),
    };
  }
  const written = [...(json ? ["json"] : []), ...format];
  const wanted = written.map((text) => parseFormat(text, formats, context.folder));
  if (!wanted.some(({ path }) => path === undefined)) {
    wanted.unshift({ load: loaderOf("text", formats) });
  }
  refuseSharing(written, wanted, context.folder);
  return {
    keep: (kept) => refuseOverwriting(wanted, kept, context.folder),
    async drawsRuns() {
      const loaded = await Promise.all(wanted.map(({ load }) => load()));
      return loaded.some(({ drawsRuns }) => drawsRuns === true);
    },
    async print(report) {
      const printed = await Promise.all(
        wanted.map(async ({ load, path }) => ({ path, format: await load() })),
      );
      const files: { readonly name: string; readonly text: string }[] = [];
      for (const { path, format: chosen } of printed) {
        if (path !== undefined) files.push({ name: path, text: printableLines(chosen.print(report)) });
        else context.out(printableColors(onTerminal(chosen, context)(report, context.columns)));
      }
      // Over the files of an earlier run, whatever stands in them.
      commitWrite(planWrite("", files, true));
      for (const { format: chosen } of printed) appendSummary(chosen.summary?.(report), context);
    },
  };
}

function parseFormat<Report>(text: string, formats: Formats<Report>, folder: string): Wanted<Report> {
  const [, name = "", file] = /^([^=]*)(?:=(.*))?$/s.exec(text) ?? [];
  const load = loaderOf(name, formats);
  if (file === undefined) return { load };
  if (file === "") throw usageError(`--format ${text} names no file`);
  return { load, path: resolve(folder, file) };
}

function loaderOf<Report>(name: string, formats: Formats<Report>): Wanted<Report>["load"] {
  const load = Object.hasOwn(formats, name) ? formats[name] : undefined;
  if (load !== undefined) return load;
  const names = Object.keys(formats);
  const parameters = { format: name, nearest: nearestWord(name, names), allowed: names.join(", ") };
  throw new AllocGenError(2, [diagnose("unknown-format", parameters)]);
}

function refuseSharing<Report>(
  written: readonly string[],
  wanted: readonly Wanted<Report>[],
  folder: string,
): void {
  const onOutput = wanted.filter(({ path }) => path === undefined).length;
  if (onOutput > 1) {
    const names = written.filter((text) => !text.includes("=")).join(", ");
    throw usageError(`standard output takes one format, not ${names}: write the others to files (NAME=FILE)`);
  }
  const paths = wanted.flatMap(({ path }) => path ?? []);
  const twice = paths.find((path, index) => paths.indexOf(path) < index);
  if (twice !== undefined) throw usageError(`two formats name the same file, ${relative(folder, twice)}`);
}

function refuseOverwriting<Report>(
  wanted: readonly Wanted<Report>[],
  kept: readonly string[],
  folder: string,
): void {
  const files = new Set(kept.map(identityOf));
  const faults = wanted.flatMap(({ path }) => {
    if (path === undefined || !files.has(identityOf(path))) return [];
    return [diagnose("report-over-file", { file: relative(folder, path) })];
  });
  if (faults.length > 0) throw new AllocGenError(2, faults);
}

/** The same for every path of one file, by whatever links and folders. */
export function identityOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const folder = dirname(path);
    return folder === path ? path : join(identityOf(folder), basename(path));
  }
}

function onTerminal<Report>({ print, printColored = print }: Format<Report>, { colors }: CliContext) {
  return colors ? printColored : print;
}

function appendSummary(text: string | undefined, { summaryFile: file }: CliContext): void {
  if (text === undefined || file === undefined) return;
  try {
    appendFileSync(file, text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new AllocGenError(2, [diagnose("file-unwritable", { file, why })]);
  }
}

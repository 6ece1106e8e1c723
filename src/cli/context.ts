/** Everything a command sees of the outside, so that tests can hand in their own. */
import { isatty } from "node:tty";
import type { FailureExitCode } from "../diagnostics.js";
import type * as pipeline from "../pipeline.js";

export type ExitCode = 0 | FailureExitCode;
export type Pipeline = Pick<
  typeof pipeline,
  "prepare" | "prepareHeaps" | "generateHeaps" | "run" | "proveHeaps"
>;

export interface CliContext {
  /** Absolute path of the working directory. */
  readonly folder: string;
  /** Data: standard output. */
  readonly out: (text: string) => void;
  /** Messages: standard error. */
  readonly err: (text: string) => void;
  /** Whether someone is there to answer questions. */
  readonly interactive: boolean;
  /** Whether standard error is a terminal: progress is drawn there. */
  readonly showsProgress: boolean;
  /** Characters that a line of data has at most; undefined where standard output is no terminal. */
  readonly columns?: number | undefined;
  /** Whether data may be coloured. */
  readonly colors: boolean;
  /** File of the page on which a CI service sums up the job, to which formats may add; GitHub Actions has one. */
  readonly summaryFile?: string | undefined;
  /** Told when a command that would go on for ever is to end; the process is ended instead where this is left out. */
  readonly ended?: AbortSignal | undefined;
  /** Whether an unexpected error is shown with its stack. */
  readonly debug: boolean;
  /** Loaded only by the commands that need it: `--help` stays quick. */
  readonly pipeline: () => Promise<Pipeline>;
}

/** A narrower terminal is one of which nobody told the width. */
const leastColumns = 40;

/** The context of this process. `NO_COLOR` (no-color.org) and "dumb" terminals get no colours. */
export function processContext(): CliContext {
  const { env, stdout, stderr } = process;
  const plain = (env["NO_COLOR"] ?? "") !== "" || env["TERM"] === "dumb";
  return {
    folder: process.cwd(),
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    interactive: isatty(0) && isatty(1),
    showsProgress: isatty(2) && env["TERM"] !== "dumb",
    columns: isatty(1) && stdout.columns >= leastColumns ? stdout.columns : undefined,
    colors: isatty(1) && !plain,
    summaryFile: env["GITHUB_STEP_SUMMARY"] === "" ? undefined : env["GITHUB_STEP_SUMMARY"],
    debug: (env["DEBUG"] ?? "") !== "",
    pipeline: () => import("../pipeline.js"),
  };
}

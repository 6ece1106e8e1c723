/** Runs a compiler or one of its tools, which may be missing, hang, or print without end. */
import { execFile, spawnSync } from "node:child_process";
import { AllocGenError, diagnose } from "../diagnostics.js";

export interface ToolRun {
  /** A program in PATH, or the path of one. */
  readonly program: string;
  /** As messages name it. */
  readonly name: string;
  readonly flags: readonly string[];
  /** Where it runs. */
  readonly folder: string;
  /** What it is to do, behind "to": "link the program". */
  readonly step: string;
}

/** How it ended of itself. `output` is what it said of the error. */
export type ToolResult =
  | { readonly kind: "done"; readonly stdout: string; readonly stderr: string }
  | { readonly kind: "failed"; readonly output: string };

/** Text that a tool may print, in bytes: above any disassembly. */
const mostOutput = 64 * 1024 * 1024;
/** Characters of what a tool says of an error that are handed on. */
const mostWords = 20_000;
const defaultSeconds = 120;

/** Seconds that one run of a tool may take: $ALLOC_GEN_TOOL_SECONDS, else 120. */
export function toolSeconds(environment: NodeJS.ProcessEnv = process.env): number {
  const seconds = Number(environment["ALLOC_GEN_TOOL_SECONDS"] ?? "");
  return seconds > 0 && seconds < 1e6 ? seconds : defaultSeconds;
}

/**
 * Messages are in English, whatever the user's language: reports and tests quote them.
 * @throws AllocGenError, exit code 3: it hangs or prints without end
 */
export function runTool(run: ToolRun): Promise<ToolResult> {
  return new Promise((resolve, reject) => {
    execFile(run.program, [...run.flags], optionsOf(run), (error, stdout, stderr) => {
      if (error === null) resolve({ kind: "done", stdout, stderr });
      else if (String(error.code) === "ERR_CHILD_PROCESS_STDIO_MAXBUFFER") reject(endless(run));
      else if (error.killed === true) reject(hangs(run));
      else
        resolve({ kind: "failed", output: shorten(stderr.trim() === "" ? error.message : stderr.trimEnd()) });
    });
  });
}

/** As `runTool`, while nothing else happens. */
export function runToolSync(run: ToolRun): ToolResult {
  const { error, status, signal, stdout, stderr } = spawnSync(run.program, [...run.flags], {
    ...optionsOf(run),
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
  const code = error !== undefined && "code" in error ? error.code : undefined;
  if (code === "ENOBUFS") throw endless(run);
  if (code === "ETIMEDOUT") throw hangs(run);
  if (error === undefined && status === 0) return { kind: "done", stdout, stderr };
  const end = error?.message ?? `it ended with ${signal ?? `status ${status ?? "unknown"}`}`;
  const said = error === undefined ? stderr.trimEnd() : "";
  return { kind: "failed", output: shorten(said === "" ? end : said) };
}

/** The first words say what is wrong. */
const shorten = (text: string): string =>
  text.length <= mostWords
    ? text
    : `${text.slice(0, mostWords)}…\n(and ${text.length - mostWords} more characters)`;

const optionsOf = ({ folder }: ToolRun) =>
  ({
    cwd: folder,
    env: { ...process.env, LC_ALL: "C" },
    maxBuffer: mostOutput,
    timeout: toolSeconds() * 1000,
    killSignal: "SIGKILL",
  }) as const;

function hangs({ name, step }: ToolRun): AllocGenError {
  return new AllocGenError(3, [diagnose("tool-hangs", { name, step, seconds: toolSeconds() })]);
}

function endless({ name, step }: ToolRun): AllocGenError {
  const mebibytes = mostOutput / 1024 / 1024;
  return new AllocGenError(3, [diagnose("tool-endless", { name, step, mebibytes })]);
}

/** Processes that judge mutants, kept from one mutant to the next. */
import { fileURLToPath } from "node:url";
import workerpool from "workerpool";
import { AllocGenError, type Diagnostic, type FailureExitCode } from "../diagnostics.js";
import type { CoreEngineName } from "../emulators/engine.js";
import type { PrepareOptions } from "../pipeline.js";
import { temporaryFolder } from "../toolchain/kept-folder.js";
import type { Verdict } from "./verdict.js";

/** What a process must know to judge a mutant. */
export interface JudgeRequest extends JudgedProject {
  /** For temporary files. */
  readonly folder: string;
  readonly text: string;
}

/** The same for all mutants of them. */
export interface JudgedProject {
  readonly configPath: string;
  readonly options: Pick<PrepareOptions, "target" | "set" | "heap">;
  readonly engine: CoreEngineName;
}

/** What a process sends: the verdict, or the error that no mutant can be judged for. */
export type Answer =
  | { readonly verdict: Verdict }
  | { readonly exitCode: FailureExitCode; readonly diagnostics: readonly Diagnostic[] };

export interface Judges {
  /** @throws AllocGenError, exit code 3: a compiler or an emulator is missing */
  judge(text: string): Promise<Verdict>;
  /** Ends the processes, whatever they do. */
  close(): Promise<void>;
}

export interface JudgesOptions {
  readonly processes: number;
  /** Wall time of one mutant; beyond, its process is ended and the mutant counts as killed. */
  readonly seconds: number;
  /** Of the processes' node; by default this one's. */
  readonly execArgv?: readonly string[];
}

/** Source where this file is source, for tsx runs it; else built. */
const script = fileURLToPath(import.meta.url).replace(/judges(\.[jt]s)$/, "judge-worker$1");

export function openJudges(
  project: JudgedProject,
  { processes, seconds, execArgv = process.execArgv }: JudgesOptions,
): Judges {
  const folder = temporaryFolder();
  const pool = workerpool.pool(script, {
    workerType: "process",
    maxWorkers: processes,
    minWorkers: processes,
    forkOpts: { execArgv },
  });
  return {
    async judge(text) {
      const request: JudgeRequest = { ...project, folder: folder.path, text };
      const answer = await ask(pool, request, seconds);
      if ("verdict" in answer) return answer.verdict;
      throw new AllocGenError(answer.exitCode, answer.diagnostics);
    },
    async close() {
      await pool.terminate(true);
      folder.remove();
    },
  };
}

async function ask(
  pool: ReturnType<typeof workerpool.pool>,
  request: JudgeRequest,
  seconds: number,
): Promise<Answer> {
  try {
    return await pool.exec<(request: JudgeRequest) => Answer>("verdictOn", [request]).timeout(seconds * 1000);
  } catch (error) {
    if (error instanceof workerpool.Promise.TimeoutError) {
      return {
        verdict: { kind: "killed", stage: "time limit", message: `undecided after ${seconds} seconds` },
      };
    }
    if (error instanceof workerpool.TerminateError) {
      return { verdict: { kind: "killed", stage: "crash", message: "the emulator's process ended" } };
    }
    throw error;
  }
}

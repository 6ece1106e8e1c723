/** The process in which mutants are judged: native code that crashes or hangs takes no other mutant along. */
import workerpool from "workerpool";
import { AllocGenError } from "../diagnostics.js";
import { prepare } from "../pipeline.js";
import { openEngine } from "../verify/engines.js";
import { compilerIn, temporaryFolder } from "../toolchain/kept-folder.js";
import { openJudge, type Judge } from "./judge.js";
import type { Answer, JudgeRequest } from "./judges.js";

let judge: Promise<Judge> | undefined;

/** All requests of a process are of one project: it is opened with the first. */
async function verdictOn({ configPath, options, engine, folder, text }: JudgeRequest): Promise<Answer> {
  try {
    judge ??= openJudge(
      prepare(configPath, options),
      openEngine(engine),
      compilerIn(temporaryFolder(folder).path),
    );
    return { verdict: await (await judge).judge(text) };
  } catch (error) {
    // Between processes an error keeps only its message.
    if (error instanceof AllocGenError) return { exitCode: error.exitCode, diagnostics: error.diagnostics };
    throw error;
  }
}

// Ctrl-C reaches every process of the terminal: the one that prints ends the others.
process.on("SIGINT", () => undefined);

workerpool.worker({ verdictOn });

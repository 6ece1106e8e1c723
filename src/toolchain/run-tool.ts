/** Runs a compiler or one of its tools, which may be missing, hang, or print without end. */
import { execFile } from "node:child_process";
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
  { readonly kind: "done"; readonly stdout: string } | { readonly kind: "failed"; readonly output: string };

/** Text that a tool may print, in bytes: a disassembly is tens of MiB. */
const mostOutput = 256 * 1024 * 1024;
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
export function runTool({ program, name, flags, folder, step }: ToolRun): Promise<ToolResult> {
  const seconds = toolSeconds();
  const options = {
    cwd: folder,
    env: { ...process.env, LC_ALL: "C" },
    maxBuffer: mostOutput,
    timeout: seconds * 1000,
    killSignal: "SIGKILL",
  } as const;
  return new Promise((resolve, reject) => {
    execFile(program, [...flags], options, (error, stdout, stderr) => {
      if (error === null) resolve({ kind: "done", stdout });
      else if (error.code === ("ERR_CHILD_PROCESS_STDIO_MAXBUFFER" as unknown)) {
        reject(toolError(diagnose("tool-endless", { name, step, mebibytes: mostOutput / 1024 / 1024 })));
      } else if (error.killed === true) {
        reject(toolError(diagnose("tool-hangs", { name, step, seconds })));
      } else resolve({ kind: "failed", output: stderr.trim() === "" ? error.message : stderr.trimEnd() });
    });
  });
}

const toolError = (diagnostic: ReturnType<typeof diagnose>): AllocGenError =>
  new AllocGenError(3, [diagnostic]);

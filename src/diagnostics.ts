/**
 * Every error a user can cause: one typed catalogue, one message each. Stages return or throw diagnostics; only the
 * command line prints them.
 */

type Found = { readonly found: string; readonly allowed: string };

/** "; did you mean "x"?" or nothing. */
const suggestion = (nearest: string | undefined): string =>
  nearest === undefined ? "" : `; did you mean "${nearest}"?`;

const catalogue = {
  "syntax-error": (p: { readonly what: string }) => `syntax error: ${p.what}`,
  "unknown-key": (p: {
    readonly key: string;
    readonly nearest: string | undefined;
    readonly allowed: string;
  }) => `unknown key "${p.key}"${suggestion(p.nearest)} (allowed: ${p.allowed})`,
  "invalid-value": (p: Found & { readonly nearest?: string | undefined }) =>
    `found ${p.found}${suggestion(p.nearest)} (allowed: ${p.allowed})`,
  "not-available": (p: { readonly what: string; readonly allowed: string }) =>
    `${p.what} is not available in this version (available: ${p.allowed})`,
} satisfies Record<string, (parameters: never) => string>;

export type DiagnosticCode = keyof typeof catalogue;
type Parameters<Code extends DiagnosticCode> = (typeof catalogue)[Code] extends (
  parameters: infer P,
) => string
  ? P
  : never;

/** Where in a config: keys and indexes from the root. */
export type ConfigPath = readonly (string | number)[];

export interface Diagnostic {
  readonly code: DiagnosticCode;
  readonly message: string;
  /** The value at fault; the loader turns it into file, line and column. */
  readonly path?: ConfigPath;
  readonly file?: string;
  /** From 1. */
  readonly line?: number;
  /** From 1. */
  readonly column?: number;
}

export function diagnose<Code extends DiagnosticCode>(
  code: Code,
  parameters: Parameters<Code>,
  where: Omit<Diagnostic, "code" | "message"> = {},
): Diagnostic {
  const message = catalogue[code] as (parameters: Parameters<Code>) => string;
  return { code, message: message(parameters), ...where };
}

/** Exit codes: 1 the C and the reference differ or a budget is exceeded, 2 bad input, 3 a tool is missing or failed. */
export type FailureExitCode = 1 | 2 | 3;

/** Thrown by a stage that cannot go on; carries all faults found, not the first. */
export class AllocGenError extends Error {
  constructor(
    readonly exitCode: FailureExitCode,
    readonly diagnostics: readonly Diagnostic[],
  ) {
    super(diagnostics.map(formatDiagnostic).join("\n"));
    this.name = "AllocGenError";
  }
}

/** "file:line:column: message", as far as known. */
export function formatDiagnostic(diagnostic: Diagnostic): string {
  const { file, line, column, message } = diagnostic;
  const place = [file, line, column].filter((part) => part !== undefined).join(":");
  return place === "" ? message : `${place}: ${message}`;
}

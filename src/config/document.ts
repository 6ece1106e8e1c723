/** JSON with comments and trailing commas, read with the position of every key and value. */
import {
  createScanner,
  findNodeAtLocation,
  parseTree,
  printParseErrorCode,
  type Node,
  type ParseError,
} from "jsonc-parser";
import { diagnose, type ConfigPath, type Diagnostic } from "../diagnostics.js";

export interface Position {
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units as editors count. */
  readonly column: number;
}

export interface ConfigDocument {
  /** What the text says, as far as it can be read; of a key given twice, the last. */
  readonly value: unknown;
  /** Syntax errors and keys given twice. */
  readonly faults: readonly Diagnostic[];
  /** False where brackets do not pair up: then what stands inside what is a guess. */
  readonly sound: boolean;
  /** Whether a value is written at the path. */
  has(path: ConfigPath): boolean;
  /** Position of a value; of the nearest object or list around it where it is not there. */
  locate(path: ConfigPath): Position;
  /** Position of a key. */
  locateKey(path: ConfigPath): Position;
}

/** Deeper nesting than any config has; the parser's recursion must end before the stack does. */
const deepestNesting = 100;
/** A file that is no JSON at all gives an error for each of its words: the first ones say enough. */
const mostSyntaxErrors = 20;

/** Of keys given twice too. */
const mostFaults = 50;

export function readDocument(text: string, file: string): ConfigDocument {
  // A byte order mark is no part of the text.
  const source = text.startsWith("\uFEFF") ? text.slice(1) : text;
  const position = positions(source);
  const fault = (what: string, offset: number) =>
    diagnose("syntax-error", { what }, { file, ...position(offset) });

  const tooDeep = offsetTooDeep(source);
  if (tooDeep !== undefined) {
    const faults = [fault(`nested deeper than ${deepestNesting} levels`, tooDeep)];
    const start = () => position(0);
    return { value: undefined, faults, sound: false, has: () => false, locate: start, locateKey: start };
  }

  const errors: ParseError[] = [];
  const root = parseTree(source, errors, { allowTrailingComma: true });
  const faults = errors
    .slice(0, mostSyntaxErrors)
    .map((error) => fault(syntaxMessage(error, source), error.offset));
  if (root !== undefined) collectDuplicates(root, faults, file, position);
  if (faults.length > mostFaults) {
    faults.splice(
      mostFaults,
      Infinity,
      diagnose("more-faults", { count: faults.length - mostFaults }, { file }),
    );
  }
  const find = (path: ConfigPath) => nodeAt(root, path);
  return {
    value: root === undefined ? undefined : valueOf(root),
    faults,
    sound: root !== undefined && !errors.some(breaksStructure),
    has: (path) => path.length === 0 || find(path) !== find(path.slice(0, -1)),
    locate: (path) => position(find(path)?.offset ?? 0),
    locateKey: (path) => {
      const node = find(path);
      const property = node?.parent?.type === "property" ? node.parent : node;
      return position(property?.offset ?? 0);
    },
  };
}

/** Turns an offset into line and column. */
function positions(source: string): (offset: number) => Position {
  const starts = [0];
  for (const match of source.matchAll(/\r\n|\r|\n/g)) starts.push(match.index + match[0].length);
  return (offset) => {
    const line = lastAtMost(starts, offset) + 1;
    return { line, column: offset - (starts[line - 1] ?? 0) + 1 };
  };
}

/** Index of the last number that is not above `limit`; the first is 0. */
function lastAtMost(sorted: readonly number[], limit: number): number {
  let [low, high] = [0, sorted.length];
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? Infinity) <= limit) low = middle;
    else high = middle;
  }
  return low;
}

function offsetTooDeep(source: string): number | undefined {
  const scanner = createScanner(source, true);
  let depth = 0;
  do {
    scanner.scan();
    const token = source[scanner.getTokenOffset()];
    if (token === "{" || token === "[") depth += 1;
    if (token === "}" || token === "]") depth -= 1;
    if (depth > deepestNesting) return scanner.getTokenOffset();
  } while (scanner.getPosition() < source.length);
  return undefined;
}

/** The node of a value, or of the nearest thing around it; of a key given twice, the last, as its value counts. */
function nodeAt(root: Node | undefined, path: ConfigPath): Node | undefined {
  let node = root;
  for (const part of path) {
    const inner: Node | undefined =
      typeof part === "number"
        ? node && findNodeAtLocation(node, [part])
        : node?.children?.findLast((property) => property.children?.[0]?.value === part)?.children?.[1];
    if (inner === undefined) return node;
    node = inner;
  }
  return node;
}

/** Own properties only: a key such as `__proto__` is a key like any other, and unknown. */
function valueOf(node: Node): unknown {
  if (node.type === "array") return (node.children ?? []).map(valueOf);
  if (node.type !== "object") return node.value;
  const entries: [string, unknown][] = [];
  for (const property of node.children ?? []) {
    const [key, value] = property.children ?? [];
    if (key !== undefined && value !== undefined) entries.push([String(key.value), valueOf(value)]);
  }
  return Object.fromEntries(entries);
}

function collectDuplicates(
  node: Node,
  faults: Diagnostic[],
  file: string,
  position: (offset: number) => Position,
): void {
  const first = new Map<string, number>();
  for (const child of node.children ?? []) {
    const key = child.type === "property" ? child.children?.[0] : undefined;
    if (key !== undefined) {
      const name = String(key.value);
      const earlier = first.get(name);
      if (earlier === undefined) first.set(name, key.offset);
      else {
        const parameters = { key: name, line: position(earlier).line };
        faults.push(diagnose("duplicate-key", parameters, { file, ...position(key.offset) }));
      }
    }
    collectDuplicates(child, faults, file, position);
  }
}

const structural: readonly string[] = ["CloseBraceExpected", "CloseBracketExpected", "EndOfFileExpected"];
const breaksStructure = (error: ParseError): boolean => structural.includes(printParseErrorCode(error.error));

/** By the parser's name of the error. */
const syntaxMessages: Readonly<Record<string, (found: string) => string>> = {
  InvalidSymbol: (found) => `${found} is not a value; strings need double quotes`,
  InvalidNumberFormat: () => "an invalid number",
  PropertyNameExpected: (found) => `found ${found}, expected a key in double quotes`,
  ValueExpected: (found) => `found ${found}, expected a value`,
  ColonExpected: (found) => `found ${found}, expected ":"`,
  CommaExpected: (found) => `found ${found}, expected ","`,
  CloseBraceExpected: (found) => `found ${found}, expected "}"`,
  CloseBracketExpected: (found) => `found ${found}, expected "]"`,
  EndOfFileExpected: (found) => `found ${found} after the end of the text`,
  UnexpectedEndOfComment: () => 'a comment that is not closed with "*/"',
  UnexpectedEndOfString: () => "a string that is not closed with a double quote",
  UnexpectedEndOfNumber: () => "an incomplete number",
  InvalidUnicode: () => 'an escape that is not "\\u" and four hexadecimal digits',
  InvalidEscapeCharacter: () => "an escape that JSON does not have",
  InvalidCharacter: () => "a control character",
};

function syntaxMessage(error: ParseError, source: string): string {
  const found = foundAt(source, error.offset, error.length);
  return syntaxMessages[printParseErrorCode(error.error)]?.(found) ?? `found ${found}`;
}

function foundAt(source: string, offset: number, length: number): string {
  const text = source.slice(offset, offset + Math.min(length, 40));
  return text.trim() === "" ? "the end of the file" : JSON.stringify(text);
}

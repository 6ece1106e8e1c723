/**
 * Where the C finds its heap. Templates are written for one heap, a variable `heap`; a heap that lies elsewhere is
 * reached through a pointer, and one of many comes as the first parameter of all that touch it. Both follow from the
 * text alone, so that no policy and no API need know of them.
 */
import type { Plan } from "../plan/plan.js";
import { callers, definitions, withoutWords } from "./c-functions.js";

/** The generated .c of a plan, from the text its templates give. */
export function addressHeap(text: string, plan: Plan): string {
  const { placement } = plan;
  if (placement.kind === "static") return text;
  const code = withoutWords(text);
  const edits = [...throughPointer(code)];
  if (placement.kind === "runtime" && placement.instances === "many")
    edits.push(...asParameter(code, plan.name));
  return realigned(text, edits);
}

const heapParameter = (name: string): string => `${name}_t *heap`;

/** Text to put in place of [start, end). */
interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

function* throughPointer(code: string): Generator<Edit> {
  for (const { index } of code.matchAll(/\bheap\./g)) {
    yield { start: index + "heap".length, end: index + "heap.".length, text: "->" };
  }
}

function* asParameter(code: string, name: string): Generator<Edit> {
  const functions = definitions(code);
  const isPublic = (called: string): boolean => called.startsWith(`${name}_`);
  // Where an instance begins: it has no heap yet, but gives one.
  const init = `${name}_init`;
  const touching = callers(code, functions, (body) => /\bheap\b/.test(body));
  const takes = (called: string): boolean => called !== init && (isPublic(called) || touching.has(called));
  for (const { name: called, start, end, body } of functions) {
    if (!takes(called)) continue;
    yield parameterEdit(code, start, end, heapParameter(name));
    if (!touching.has(called)) {
      yield { start: body.start, end: body.start, text: "    (void)heap; /* The block tells it all. */\n" };
    }
  }
  const names = new Set(functions.map((definition) => definition.name).filter(takes));
  for (const { body } of functions) {
    for (const match of code.slice(body.start, body.end).matchAll(/\b(\w+)\(/g)) {
      if (!names.has(match[1] ?? "")) continue;
      const at = body.start + match.index + match[0].length;
      yield { start: at, end: at, text: code[at] === ")" ? "heap" : "heap, " };
    }
  }
}

function parameterEdit(code: string, start: number, end: number, parameter: string): Edit {
  if (code.slice(start, end) === "void") return { start, end, text: parameter };
  return { start, end: start, text: `${parameter}, ` };
}

/** Makes the edits; equals signs that stood in a column before stand in one again, and no line outgrows the page. */
function realigned(text: string, edits: readonly Edit[]): string {
  const sorted = [...edits].sort((a, b) => a.start - b.start);
  const lines: { before: string; after: string }[] = [];
  let at = 0;
  let next = 0;
  for (const before of text.split("\n")) {
    const end = at + before.length;
    let after = "";
    let from = at;
    for (let edit = sorted[next]; edit !== undefined && edit.end <= end; edit = sorted[++next]) {
      after += text.slice(from, edit.start) + edit.text;
      from = edit.end;
    }
    lines.push({ before, after: after + text.slice(from, end) });
    at = end + 1;
  }
  if (next !== sorted.length) throw new Error("an edit goes over the end of a line");
  // What no edit touched is as its template has it.
  return alignedAgain(lines)
    .map((line, index) => (line === lines[index]?.before ? line : folded(line)))
    .join("\n");
}

function alignedAgain(lines: readonly { readonly before: string; readonly after: string }[]): string[] {
  const column = (line: string): number => / = /.exec(line)?.index ?? -1;
  const result: string[] = [];
  for (let first = 0; first < lines.length;) {
    const common = column(lines[first]?.before ?? "");
    let end = first + 1;
    if (common >= 0) while (column(lines[end]?.before ?? "") === common) end++;
    const group = lines.slice(first, end).map(({ after }) => after);
    const wide = Math.max(...group.map((line) => line.slice(0, Math.max(0, column(line))).trimEnd().length));
    for (const line of group) {
      const equals = column(line);
      const left = line.slice(0, Math.max(0, equals)).trimEnd();
      const isMoved = group.length > 1 && equals >= 0;
      result.push(isMoved ? left.padEnd(Math.max(wide, left.length)) + line.slice(equals) : line);
    }
    first = end;
  }
  return result;
}

const lineColumns = 120;

/** A line too long for the page: a signature broken behind a comma, a condition behind `&&`. */
function folded(line: string): string {
  if (line.length <= lineColumns) return line;
  const isSignature = /^[A-Za-z_].*\(/.test(line);
  const [behind, under] = isSignature ? [", ", line.indexOf("(") + 1] : [" && ", line.indexOf(" = ") + 3];
  const at = line.lastIndexOf(behind, lineColumns - behind.length);
  if (at <= under) return line;
  const kept = at + behind.length;
  return `${line.slice(0, kept).trimEnd()}\n${" ".repeat(under)}${line.slice(kept)}`;
}

/** The heap of many instances in the header: the first parameter of every prototype, told in its comment. */
import { parameterEdit } from "./address-heap.js";
import { realigned, type Edit } from "./realign.js";
import { closing, tokenize, type Token } from "./tokens.js";

/**
 * Declarations of public functions, each given the heap. What does not begin with the prefix, and init, which returns
 * the heap, stay as they are.
 * @throws Error where a prototype has no comment to name its heap in
 */
export function withHeapParameter(text: string, prefix: string): string {
  const tokens = tokenize(text);
  const edits: Edit[] = [];
  for (const [index, token] of tokens.entries()) {
    const isName =
      token.kind === "word" && token.text.startsWith(`${prefix}_`) && tokens[index + 1]?.text === "(";
    if (!isName || token.text === `${prefix}_init`) continue;
    const close = closing(tokens, index + 1);
    const [open, end] = [tokens[index + 1], tokens[close]];
    if (tokens[close + 1]?.text !== ";" || open === undefined || end === undefined) continue;
    edits.push(parameterEdit(text, open.end, end.start, `${prefix}_t *heap`));
    edits.push(described(commentOf(tokens, index), ` * @param heap  As ${prefix}_init() gave it.\n`));
  }
  return realigned(text, edits);
}

function commentOf(tokens: readonly Token[], prototype: number): Token {
  const comment = tokens.slice(0, prototype).findLast(({ kind }) => kind === "comment");
  if (comment === undefined)
    throw new Error(`${tokens[prototype]?.text ?? ""} has no comment to name its heap in`);
  return comment;
}

/** The comment with one line more, in front of what it says of parameters and result. */
function described({ text, start, end }: Token, line: string): Edit {
  if (!text.includes("\n")) {
    const words = text.slice("/** ".length, -" */".length);
    return { start, end, text: `/**\n * ${words}\n${line} */` };
  }
  const lines = text.split("\n");
  const at = lines.findIndex((each) => / \*(?:\/| @(?:param|return))/.test(each));
  const offset = start + lines.slice(0, at).join("\n").length + 1;
  return { start: offset, end: offset, text: line };
}

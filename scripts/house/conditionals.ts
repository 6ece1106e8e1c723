/** Conditionals of the templates: how many, and which of them cut the C where it does not come apart. */
import Handlebars from "handlebars";
import type { Checkout } from "./checkout.js";

export interface TemplateCount {
  readonly template: string;
  /** `{{#if`, `{{#unless` and `{{else if`. */
  readonly conditionals: number;
  /** Lines on which a branch begins whose text opens or closes a bracket that it does not close or open. */
  readonly unbalanced: readonly number[];
}

export function countConditionals(checkout: Checkout): readonly TemplateCount[] {
  return checkout.files
    .filter((path) => path.startsWith("templates/") && path.endsWith(".hbs"))
    .map((template) => ({ template, ...countIn(checkout.read(template)) }));
}

export function countIn(template: string): Omit<TemplateCount, "template"> {
  const branches = conditionalsOf(Handlebars.parse(template));
  return {
    conditionals: branches.length,
    unbalanced: branches
      .flatMap(({ program, inverse }) => [program, inverse])
      .filter((branch) => branch !== undefined && !isBalanced(textOf(branch)))
      .map((branch) => branch?.loc.start.line ?? 0)
      .toSorted((left, right) => left - right),
  };
}

type Statement = hbs.AST.Statement;
interface Conditional {
  readonly program: hbs.AST.Program;
  readonly inverse: hbs.AST.Program | undefined;
}

const isBlock = (node: Statement): node is hbs.AST.BlockStatement => node.type === "BlockStatement";
/** Its types have two more values for what the parser sets to a string. */
const contentOf = (node: Statement): string | undefined =>
  "original" in node && node.type === "ContentStatement" && typeof node.original === "string"
    ? node.original
    : undefined;

/** Handlebars sets what a block lacks to undefined, whatever its types say. */
function bodies(block: hbs.AST.BlockStatement): Conditional {
  const { program, inverse } = block as { program: hbs.AST.Program; inverse?: hbs.AST.Program };
  return { program, inverse };
}

function conditionalsOf({ body }: hbs.AST.Program): readonly Conditional[] {
  return body.filter(isBlock).flatMap((block) => {
    const { program, inverse } = bodies(block);
    const inner = [program, inverse].flatMap((branch) =>
      branch === undefined ? [] : conditionalsOf(branch),
    );
    const name = "original" in block.path ? block.path.original : undefined;
    return name === "if" || name === "unless" ? [{ program, inverse }, ...inner] : inner;
  });
}

/** The C of a branch. Of a conditional in it the first branch stands for all: each is judged by itself too. */
function textOf({ body }: hbs.AST.Program): string {
  return body
    .map((node): string => {
      if (isBlock(node)) return textOf(bodies(node).program);
      return contentOf(node) ?? "";
    })
    .join("");
}

const closedBy: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };

function isBalanced(text: string): boolean {
  const open: (string | undefined)[] = [];
  for (const character of text) {
    if (character in closedBy) open.push(closedBy[character]);
    else if (")]}".includes(character) && open.pop() !== character) return false;
  }
  return open.length === 0;
}

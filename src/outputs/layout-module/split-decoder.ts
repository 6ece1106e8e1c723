/**
 * A decoder's source to records. The source says `layout.…` in full wherever it asks what the layout is; there, and
 * where the layout is a parameter or an argument, the text is split.
 */
import { Node, Project, SyntaxKind, type Statement } from "ts-morph";
import type { Condition, Declaration, Part } from "./decoder.js";

/** The declarations of a file; its first comment and its imports are of no use elsewhere. */
export function splitDecoder(source: string): readonly Declaration[] {
  const text = source.replace(/^\/\*\*.*?\*\/\n/s, "").replace(/^import .*;\n/gm, "");
  const project = new Project({ useInMemoryFileSystem: true, skipLoadingLibFiles: true });
  return project.createSourceFile("decoder.ts", text).getStatements().map(declarationOf);
}

function declarationOf(statement: Statement): Declaration {
  const comment = text(
    statement.getSourceFile().getFullText().slice(statement.getPos(), statement.getStart()),
  );
  if (Node.isFunctionDeclaration(statement)) {
    const body = statement.getBody();
    if (body === undefined) throw new Error("a decoder declares a function without a body");
    const before = statement.forEachChildAsArray().filter((child) => child !== body);
    const parameters = statement.getParameters().map((parameter) => parameter.getName());
    return {
      name: statement.getName() ?? "",
      parameters: parameters.filter((name) => name !== "layout"),
      head: joined([comment, ...copy(statement, before, body.getStart())]),
      body: joined(partsOf(body)),
    };
  }
  if (!Node.isInterfaceDeclaration(statement) && !Node.isTypeAliasDeclaration(statement)) {
    throw new Error(`a decoder is functions and types, and not ${statement.getKindName()}`);
  }
  const head = joined([comment, ...partsOf(statement)]);
  return { name: statement.getName(), parameters: [], head, body: [] };
}

const text = (words: string, names: readonly string[] = []): Part => ({ kind: "text", text: words, names });

/** Texts that follow each other made one, with each name once. */
function joined(parts: readonly Part[]): readonly Part[] {
  const result: Part[] = [];
  for (const part of parts) {
    const last = result.at(-1);
    if (part.kind !== "text") result.push(part);
    else if (last?.kind !== "text") result.push({ ...part, names: [...new Set(part.names)] });
    else
      result[result.length - 1] = text(last.text + part.text, [...new Set([...last.names, ...part.names])]);
  }
  return result.filter((part) => part.kind !== "text" || part.text !== "");
}

function partsOf(node: Node): readonly Part[] {
  return decided(node) ?? copy(node, node.forEachChildAsArray(), node.getEnd());
}

/** A node's text to `end`, with what the layout decides in `children` split off. */
function copy(node: Node, children: readonly Node[], end: number): readonly Part[] {
  if (Node.isIdentifier(node)) return [text(node.getText(), [node.getText()])];
  const all = node.getSourceFile().getFullText();
  const parts: Part[] = [];
  let at = node.getStart();
  for (const [index, child] of children.entries()) {
    const lead = all.slice(at, child.getStart());
    if (isLayout(child)) {
      parts.push(text(lead));
      // The first of a list: the next takes its place.
      const next = children[index + 1];
      at = next !== undefined && isListed(next) ? next.getStart() : child.getEnd();
      continue;
    }
    const own = joined(partsOf(child));
    if (own.some(({ kind }) => kind === "text")) parts.push(text(lead), ...own);
    else parts.push({ kind: "led", lead, parts: own });
    at = child.getEnd();
  }
  return [...parts, text(all.slice(at, end))];
}

/** The layout as a parameter, or as the argument for it. */
function isLayout(node: Node): boolean {
  if (Node.isParameterDeclaration(node)) return node.getName() === "layout";
  const parent = node.getParent();
  return node.getText() === "layout" && Node.isCallExpression(parent) && parent.getArguments()[0] === node;
}

/** Whether a node is another parameter or argument, and not the type or the body behind the list. */
function isListed(node: Node): boolean {
  return Node.isParameterDeclaration(node) || Node.isCallExpression(node.getParent());
}

/** What stands for a node that the layout decides; undefined: the node stays. */
function decided(node: Node): readonly Part[] | undefined {
  if (Node.isIfStatement(node)) {
    const otherwise = node.getElseStatement();
    return choice(
      node.getExpression(),
      () => inside(node.getThenStatement()),
      () => (otherwise === undefined ? [] : inside(otherwise)),
    );
  }
  if (Node.isConditionalExpression(node)) {
    return choice(
      node.getCondition(),
      () => partsOf(node.getWhenTrue()),
      () => partsOf(node.getWhenFalse()),
    );
  }
  if (Node.isSpreadAssignment(node)) return spread(node.getExpression());
  return Node.isBinaryExpression(node) ? logic(node) : undefined;
}

function choice(
  asked: Node,
  yes: () => readonly Part[] | undefined,
  no: () => readonly Part[] | undefined,
): readonly Part[] | undefined {
  const condition = conditionOf(asked);
  if (condition === undefined) return undefined;
  const [whenYes, whenNo] = [yes(), no()];
  if (whenYes === undefined || whenNo === undefined) return undefined;
  return [{ kind: "choice", condition, yes: joined(whenYes), no: joined(whenNo) }];
}

/** The members of a conditional object that is spread into another: `...(condition ? {} : { member })`. */
function spread(expression: Node): readonly Part[] | undefined {
  if (Node.isParenthesizedExpression(expression)) return spread(expression.getExpression());
  if (!Node.isConditionalExpression(expression)) return undefined;
  return choice(
    expression.getCondition(),
    () => membersOf(expression.getWhenTrue()),
    () => membersOf(expression.getWhenFalse()),
  );
}

function membersOf(object: Node): readonly Part[] | undefined {
  if (!Node.isObjectLiteralExpression(object)) return undefined;
  return object
    .getProperties()
    .flatMap((member, index) => (index === 0 ? partsOf(member) : [text(", "), ...partsOf(member)]));
}

/** `known && x` and `known || x`. */
function logic(node: Node): readonly Part[] | undefined {
  if (!Node.isBinaryExpression(node)) return undefined;
  const right = (): readonly Part[] => partsOf(node.getRight());
  const operator = node.getOperatorToken().getKind();
  if (operator === SyntaxKind.AmpersandAmpersandToken) {
    return choice(node.getLeft(), right, () => [text("false")]);
  }
  if (operator === SyntaxKind.BarBarToken) return choice(node.getLeft(), () => [text("true")], right);
  return undefined;
}

function inside(statement: Node): readonly Part[] {
  const parts = joined(partsOf(statement));
  return Node.isBlock(statement) ? [{ kind: "unwrapped", parts }] : parts;
}

/** Undefined: the layout alone does not decide it. */
function conditionOf(node: Node): Condition | undefined {
  if (Node.isStringLiteral(node) || Node.isNumericLiteral(node)) {
    return { kind: "constant", value: node.getLiteralValue() };
  }
  if (Node.isIdentifier(node)) {
    if (node.getText() === "undefined") return { kind: "constant", value: null };
    return node.getText() === "layout" ? { kind: "member", path: [] } : undefined;
  }
  if (Node.isPropertyAccessExpression(node)) {
    const owner = conditionOf(node.getExpression());
    return owner?.kind === "member" ? { kind: "member", path: [...owner.path, node.getName()] } : undefined;
  }
  if (!Node.isBinaryExpression(node)) return undefined;
  const left = conditionOf(node.getLeft());
  const right = conditionOf(node.getRight());
  if (left === undefined || right === undefined) return undefined;
  const operator = node.getOperatorToken().getKind();
  if (operator === SyntaxKind.EqualsEqualsEqualsToken) return { kind: "same", left, right };
  if (operator === SyntaxKind.ExclamationEqualsEqualsToken) return { kind: "different", left, right };
  return undefined;
}

/**
 * A decoder made for one layout: conditions on the layout are decided, what then has no use is dropped, and the layout
 * is a constant of the module instead of a parameter. The decoder's source says `layout.…` in full wherever it asks.
 */
import { Node, SyntaxKind, type Project, type Statement } from "ts-morph";

/** A value that is known, or undefined where it is not. */
type Known = { readonly value: unknown } | undefined;

/** The text of what `roots` need of the decoder `source`, for this layout. */
export function specialise(
  project: Project,
  source: string,
  layout: object,
  roots: readonly string[],
): string {
  const decided = project
    .createSourceFile("decoder.ts", source)
    .forEachChildAsArray()
    .map((node) => source.slice(node.getPos(), node.getStart()) + decide(node, layout))
    .join("");
  return keepReachable(project.createSourceFile("decided.ts", decided).getStatements(), roots);
}

/** A node's text, with all that the layout decides in it decided. */
function decide(node: Node, layout: object): string {
  return replacement(node, layout) ?? copy(node, layout);
}

function copy(node: Node, layout: object): string {
  const all = node.getSourceFile().getFullText();
  const children = node.forEachChildAsArray();
  let text = "";
  let at = node.getStart();
  for (const [index, child] of children.entries()) {
    if (isLayout(child)) {
      // The first of a list: the next takes its place.
      text += all.slice(at, child.getStart());
      at = isListed(children[index + 1]) ? (children[index + 1]?.getStart() ?? at) : child.getEnd();
      continue;
    }
    const own = decide(child, layout);
    if (own !== "") text += all.slice(at, child.getStart()) + own;
    at = child.getEnd();
  }
  return text + all.slice(at, node.getEnd());
}

/** The layout as a parameter, or as the argument for it. */
function isLayout(node: Node): boolean {
  if (Node.isParameterDeclaration(node)) return node.getName() === "layout";
  const parent = node.getParent();
  return node.getText() === "layout" && Node.isCallExpression(parent) && parent.getArguments()[0] === node;
}

/** Whether a node is another parameter or argument, and not the type or the body behind the list. */
function isListed(node: Node | undefined): boolean {
  return Node.isParameterDeclaration(node) || Node.isCallExpression(node?.getParent());
}

/** What stands for a node once the layout is known; undefined: the node stays. */
function replacement(node: Node, layout: object): string | undefined {
  if (Node.isIfStatement(node)) {
    const condition = evaluate(node.getExpression(), layout);
    if (condition === undefined) return undefined;
    const branch = condition.value === true ? node.getThenStatement() : node.getElseStatement();
    return branch === undefined ? "" : inside(branch, layout);
  }
  if (Node.isConditionalExpression(node)) {
    const condition = evaluate(node.getCondition(), layout);
    if (condition === undefined) return undefined;
    return decide(condition.value === true ? node.getWhenTrue() : node.getWhenFalse(), layout);
  }
  if (Node.isSpreadAssignment(node)) return spread(node.getExpression(), layout);
  return Node.isBinaryExpression(node) ? logic(node, layout) : undefined;
}

/** The members of a conditional object that is spread into another: `...(condition ? {} : { member })`. */
function spread(expression: Node, layout: object): string | undefined {
  if (Node.isParenthesizedExpression(expression)) return spread(expression.getExpression(), layout);
  if (!Node.isConditionalExpression(expression)) return undefined;
  const condition = evaluate(expression.getCondition(), layout);
  if (condition === undefined) return undefined;
  const chosen = condition.value === true ? expression.getWhenTrue() : expression.getWhenFalse();
  if (!Node.isObjectLiteralExpression(chosen)) return undefined;
  return chosen
    .getProperties()
    .map((property) => decide(property, layout))
    .join(", ");
}

/** `known && x` and `known || x`. */
function logic(node: Node, layout: object): string | undefined {
  if (!Node.isBinaryExpression(node)) return undefined;
  const operator = node.getOperatorToken().getKind();
  if (operator !== SyntaxKind.AmpersandAmpersandToken && operator !== SyntaxKind.BarBarToken)
    return undefined;
  const left = evaluate(node.getLeft(), layout);
  if (left === undefined) return undefined;
  const decides = operator === SyntaxKind.BarBarToken;
  return left.value === decides ? String(decides) : decide(node.getRight(), layout);
}

/** A block's statements without its braces, where the block stood. */
function inside(statement: Node, layout: object): string {
  if (!Node.isBlock(statement)) return decide(statement, layout);
  const text = decide(statement, layout);
  return text.slice(1, -1).trim().replace(/^ {2}/gm, "");
}

function evaluate(node: Node, layout: object): Known {
  if (Node.isStringLiteral(node) || Node.isNumericLiteral(node)) return { value: node.getLiteralValue() };
  if (Node.isIdentifier(node)) {
    if (node.getText() === "undefined") return { value: undefined };
    return node.getText() === "layout" ? { value: layout } : undefined;
  }
  if (Node.isPropertyAccessExpression(node)) {
    const owner = evaluate(node.getExpression(), layout);
    if (typeof owner?.value !== "object" || owner.value === null) return undefined;
    return { value: Reflect.get(owner.value, node.getName()) };
  }
  return Node.isBinaryExpression(node) ? compare(node, layout) : undefined;
}

function compare(node: Node, layout: object): Known {
  if (!Node.isBinaryExpression(node)) return undefined;
  const left = evaluate(node.getLeft(), layout);
  const right = evaluate(node.getRight(), layout);
  if (left === undefined || right === undefined) return undefined;
  const operator = node.getOperatorToken().getKind();
  if (operator === SyntaxKind.EqualsEqualsEqualsToken) return { value: left.value === right.value };
  if (operator === SyntaxKind.ExclamationEqualsEqualsToken) return { value: left.value !== right.value };
  return undefined;
}

const nameOf = (statement: Statement): string =>
  Node.isFunctionDeclaration(statement) ||
  Node.isInterfaceDeclaration(statement) ||
  Node.isTypeAliasDeclaration(statement)
    ? (statement.getName() ?? "")
    : "";

/** The functions and types that something leads to from the roots. */
function keepReachable(statements: readonly Statement[], roots: readonly string[]): string {
  const declarations = new Map(statements.map((statement) => [nameOf(statement), statement]));
  const reached = new Set<string>();
  const visit = (name: string): void => {
    const declaration = declarations.get(name);
    if (declaration === undefined || reached.has(name)) return;
    reached.add(name);
    for (const identifier of declaration.getDescendantsOfKind(SyntaxKind.Identifier))
      visit(identifier.getText());
  };
  for (const root of roots) visit(root);
  return [...declarations]
    .filter(([name]) => reached.has(name))
    .map(([, declaration]) => withUnusedMarked(declaration))
    .join("\n\n");
}

/** Parameters that this layout does not need stay, for the others' sake, with an underscore before their names. */
function withUnusedMarked(declaration: Statement): string {
  const text = declaration.getFullText().trim();
  if (!Node.isFunctionDeclaration(declaration)) return text;
  const names = new Set(
    declaration
      .getBody()
      ?.getDescendantsOfKind(SyntaxKind.Identifier)
      .map((identifier) => identifier.getText()),
  );
  return declaration
    .getParameters()
    .map((parameter) => parameter.getName())
    .filter((name) => !names.has(name))
    .reduce((marked, name) => marked.replace(`${name}: `, `_${name}: `), text);
}

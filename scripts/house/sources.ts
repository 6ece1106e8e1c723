/** The TypeScript of a checkout, parsed: what it imports, and which words it names. */
import { join, relative } from "node:path";
import { Node, Project, SyntaxKind, type SourceFile } from "ts-morph";
import type { Checkout } from "./checkout.js";

export interface Source {
  /** "src/cli/main.ts" */
  readonly path: string;
  /** Paths of the files of the checkout that it imports, types included. */
  readonly imports: readonly string[];
  /** What it names in code: its identifiers, and its strings in quotation marks. Comments name nothing. */
  readonly names: readonly string[];
}

export function readSources({ folder, files }: Checkout): readonly Source[] {
  const project = new Project({ skipAddingFilesFromTsConfig: true, skipFileDependencyResolution: true });
  const known = new Set(files);
  return files
    .filter((path) => path.endsWith(".ts"))
    .map((path) => {
      const file = project.addSourceFileAtPath(join(folder, path));
      const imports = importsOf(file)
        .map((module) => relative(folder, join(file.getDirectoryPath(), module)).replaceAll("\\", "/"))
        .map((name) => name.replace(/\.js$/, ".ts"))
        .filter((name) => known.has(name));
      return { path, imports, names: namesOf(file) };
    });
}

/** Imports, exports from elsewhere, and imports at run time, of the checkout's own files. */
function importsOf(file: SourceFile): readonly string[] {
  const declared = [...file.getImportDeclarations(), ...file.getExportDeclarations()].flatMap(
    (declaration) => declaration.getModuleSpecifierValue() ?? [],
  );
  const dynamic = file
    .getDescendantsOfKind(SyntaxKind.CallExpression)
    .filter((call) => call.getExpression().getKind() === SyntaxKind.ImportKeyword)
    .flatMap((call) => call.getArguments()[0]?.asKind(SyntaxKind.StringLiteral)?.getLiteralValue() ?? []);
  return [...declared, ...dynamic].filter((module) => module.startsWith("."));
}

function namesOf(file: SourceFile): readonly string[] {
  const names: string[] = [];
  file.forEachDescendant((node) => {
    if (Node.isIdentifier(node)) names.push(node.getText());
    else if (Node.isStringLiteral(node) || Node.isNoSubstitutionTemplateLiteral(node)) {
      names.push(`"${node.getLiteralText()}"`);
    } else if (Node.isTemplateHead(node) || Node.isTemplateMiddle(node) || Node.isTemplateTail(node)) {
      names.push(`"${node.getLiteralText()}"`);
    }
  });
  return names;
}

/**
 * Groups of files that import each other, directly or through others of the group: the strongly connected components
 * of more than one file (Tarjan 1972). Each sorted, and sorted by their first file.
 */
export function importCircles(
  sources: readonly Pick<Source, "path" | "imports">[],
): readonly (readonly string[])[] {
  const imports = new Map(sources.map((source) => [source.path, source.imports]));
  const order = new Map<string, number>();
  const stack: string[] = [];
  const circles: (readonly string[])[] = [];
  const visit = (path: string): number => {
    const index = order.size;
    order.set(path, index);
    stack.push(path);
    let low = index;
    for (const next of imports.get(path) ?? []) {
      if (!order.has(next)) low = Math.min(low, visit(next));
      else if (stack.includes(next)) low = Math.min(low, order.get(next) ?? low);
    }
    if (low === index) {
      const members = stack.splice(stack.indexOf(path));
      if (members.length > 1) circles.push(members.toSorted());
    }
    return low;
  };
  for (const path of imports.keys()) if (!order.has(path)) visit(path);
  return circles.toSorted((left, right) => (left.join() < right.join() ? -1 : 1));
}

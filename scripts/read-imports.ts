import path from 'node:path';
import ts from 'typescript';
import type { Import } from './arrows.ts';

/**
 * Every import of a source text: `import … from`, `import 'x'`, `export … from`, `import('x')`, `import('x')` in types,
 * `import x = require('x')` and `new URL('./x.ts', import.meta.url)` (a worker or child process). Parsed, not matched,
 * so neither comments nor strings deceive it. `file` is the path from the root; targets are, too.
 */
export function readImports(file: string, text: string): Import[] {
  const source = ts.createSourceFile(
    file,
    text,
    ts.ScriptTarget.Latest,
    false,
    file.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS,
  );
  const found: Import[] = [];
  const add = (node: ts.Node | undefined): void => {
    if (!node || !ts.isStringLiteralLike(node)) return;
    const isPackage = !node.text.startsWith('.');
    const target = isPackage ? node.text : path.posix.normalize(path.posix.join(path.posix.dirname(file), node.text));
    found.push({ from: file, target, isPackage });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) add(node.moduleSpecifier);
    else if (ts.isExternalModuleReference(node)) add(node.expression);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal);
    else if (ts.isCallExpression(node) && isImportCall(node)) add(node.arguments[0]);
    else if (ts.isNewExpression(node) && isFileUrl(node)) add(node.arguments?.[0]);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function isImportCall(node: ts.CallExpression): boolean {
  if (node.expression.kind === ts.SyntaxKind.ImportKeyword) return true;
  return ts.isIdentifier(node.expression) && node.expression.text === 'require';
}

/** Only of our own sources: `new URL('./x.ts', …)`, not of data files or web addresses. */
function isFileUrl(node: ts.NewExpression): boolean {
  const [to] = node.arguments ?? [];
  return (
    ts.isIdentifier(node.expression) &&
    node.expression.text === 'URL' &&
    to !== undefined &&
    ts.isStringLiteralLike(to) &&
    /^\..*\.tsx?$/.test(to.text)
  );
}

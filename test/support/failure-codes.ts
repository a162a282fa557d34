/**
 * Finds the codes of all failures in the companion's sources: what is given to `new Failure` first, be it a text, a constant, an
 * entry of a table, or an argument of a function around it.
 *
 * @module
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  type AnyNode,
  type ArrowFunctionExpression,
  type CallExpression,
  type Expression,
  type FunctionDeclaration,
  type FunctionExpression,
  type NewExpression,
  type Pattern,
  parse,
  type SpreadElement,
  type VariableDeclarator,
} from "acorn";
import { ancestor, full } from "acorn-walk";
import { transformSync } from "esbuild";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

type FunctionNode = FunctionDeclaration | FunctionExpression | ArrowFunctionExpression;

interface Source {
  readonly path: string;
  readonly program: AnyNode;
}

interface Made {
  readonly code: string;
  readonly path: string;
}

/** Codes, each with the files that make failures of it. @throws Error for a code that is written in another way */
export function failureCodes(): Map<string, Set<string>> {
  const sources = sourceFiles().map(read);
  const codes = new Map<string, Set<string>>();
  for (const { code, path } of sources.flatMap((source) => failuresOf(source, sources))) {
    codes.set(code, (codes.get(code) ?? new Set()).add(path));
  }
  return codes;
}

function failuresOf(source: Source, sources: readonly Source[]): Made[] {
  const made: Made[] = [];
  ancestor(source.program, {
    NewExpression(node, _, ancestors) {
      const code = node.arguments[0]!;
      if (calleeName(node) === "Failure") made.push(...codesOf(sources, source, code, ancestors));
      // What the page and its server say of themselves; all else that they say was a Failure before.
      if (calleeName(node) === "DeskFailure") made.push(...literal(code, source));
    },
    CallExpression(node, _, ancestors) {
      const code = node.arguments[0]!;
      if (node.callee.type === "Super" && extendsFailure(ancestors)) {
        made.push(...codesOf(sources, source, code, ancestors));
      }
      if (calleeName(node) === "errorBody") made.push(...literal(code, source));
    },
  });
  return made;
}

function sourceFiles(): string[] {
  return readdirSync(join(ROOT, "companion"), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.tsx?$/.test(name) && !name.startsWith(join("matching", "kernel/")))
    .map((name) => join("companion", name));
}

function read(path: string): Source {
  const code = readFileSync(join(ROOT, path), "utf8");
  const loader = path.endsWith("x") ? "tsx" : "ts";
  const script = transformSync(code, { loader, format: "esm", jsx: "automatic" }).code;
  return { path, program: parse(script, { ecmaVersion: "latest", sourceType: "module" }) };
}

function extendsFailure(ancestors: readonly AnyNode[]): boolean {
  return ancestors.some(
    ({ type, ...node }) =>
      (type === "ClassDeclaration" || type === "ClassExpression") &&
      "superClass" in node &&
      node.superClass?.type === "Identifier" &&
      node.superClass.name === "Failure",
  );
}

function codesOf(
  sources: readonly Source[],
  source: Source,
  node: Expression | SpreadElement,
  ancestors: readonly AnyNode[],
): Made[] {
  const among = (...parts: (Expression | SpreadElement)[]) =>
    parts.flatMap((part) => codesOf(sources, source, part, ancestors));
  switch (node.type) {
    case "Literal":
      return literal(node, source);
    case "ConditionalExpression":
      return among(node.consequent, node.alternate);
    case "LogicalExpression":
      return among(node.left, node.right);
    case "SpreadElement":
      return among(node.argument);
    case "UnaryExpression":
      // `void 0`, as undefined is written after compilation.
      if (node.operator === "void") return [];
      break;
    case "ArrayExpression":
      return among(node.elements[0]!);
    case "ObjectExpression":
      return node.properties.flatMap((each) => (each.type === "Property" ? among(each.value) : []));
    case "MemberExpression":
      // A failure that was caught, and is told with other words.
      if (node.property.type === "Identifier" && node.property.name === "code") return [];
      if (node.object.type === "Identifier") return among(node.object);
      break;
    case "Identifier": {
      const parameter = parameterOf(node.name, ancestors);
      if (parameter) {
        return callsOf(sources, source, parameter).flatMap(([caller, argument, around]) =>
          codesOf(sources, caller, argument, around),
        );
      }
      const value = variable(source, node.name);
      if (value) return among(value);
    }
  }
  throw new Error(`${source.path} makes a failure with a code that cannot be found out`);
}

function literal(node: Expression | SpreadElement, { path }: Source): Made[] {
  return node.type === "Literal" ? [{ code: String(node.value), path }] : [];
}

interface Parameter {
  readonly functionName: string;
  readonly index: number;
}

function parameterOf(name: string, ancestors: readonly AnyNode[]): Parameter | undefined {
  for (const [at, node] of ancestors.entries()) {
    if (!isFunction(node)) continue;
    const index = node.params.findIndex((each) => each.type === "Identifier" && each.name === name);
    const functionName = nameOf(node, ancestors[at - 1]);
    if (index >= 0 && functionName !== undefined) return { functionName, index };
  }
  return undefined;
}

function isFunction(node: AnyNode): node is FunctionNode {
  return (
    node.type === "FunctionDeclaration" ||
    node.type === "FunctionExpression" ||
    node.type === "ArrowFunctionExpression"
  );
}

function nameOf(node: FunctionNode, parent: AnyNode | undefined): string | undefined {
  if ("id" in node && node.id) return node.id.name;
  const named =
    parent?.type === "VariableDeclarator"
      ? parent.id
      : parent?.type === "MethodDefinition"
        ? parent.key
        : undefined;
  return named?.type === "Identifier" || named?.type === "PrivateIdentifier"
    ? named.name
    : undefined;
}

function callsOf(
  sources: readonly Source[],
  { path }: Source,
  { functionName, index }: Parameter,
): [Source, Expression | SpreadElement, AnyNode[]][] {
  const calls: [Source, Expression | SpreadElement, AnyNode[]][] = [];
  for (const source of sources) {
    ancestor(source.program, {
      CallExpression(node, _, ancestors) {
        const argument = node.arguments[index];
        if (calleeName(node) === functionName && argument) {
          calls.push([source, argument, [...ancestors]]);
        }
      },
    });
  }
  if (calls.length > 0) return calls;
  throw new Error(`${path} makes failures in ${functionName}, which nobody calls`);
}

function calleeName({ callee }: CallExpression | NewExpression): string | undefined {
  const name = callee.type === "MemberExpression" ? callee.property : callee;
  return name.type === "Identifier" || name.type === "PrivateIdentifier" ? name.name : undefined;
}

function variable({ program }: Source, name: string): Expression | undefined {
  let value: Expression | undefined;
  full(program, (node) => {
    if (node.type !== "VariableDeclarator") return;
    const { id, init } = node as VariableDeclarator;
    if (binds(id, name)) value = init ?? undefined;
  });
  return value;
}

// By itself, or as the first of a pair.
function binds(pattern: Pattern, name: string): boolean {
  if (pattern.type === "Identifier") return pattern.name === name;
  const first = pattern.type === "ArrayPattern" ? pattern.elements[0] : undefined;
  return first ? binds(first, name) : false;
}

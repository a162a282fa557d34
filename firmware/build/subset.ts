/**
 * Refuses what Espruino lacks or gets wrong and esbuild lets through. Espruino reports a syntax error only
 * when the function that holds it is first called, and some differences not at all, so they have to be found
 * before flashing. Source: Espruino 2v29, tried on its Linux build.
 *
 * @module
 */
import { type AnyNode, type Node, parse } from "acorn";
import { fullAncestor } from "acorn-walk";
import { analyze, type Reference, type Scope, type Variable } from "eslint-scope";

/** Globals that the firmware may use. */
const GLOBALS = new Set(
  (
    "NRF E LED1 LED2 LED3 VIBRATE BTN AES Bangle g setWatch getTime setTime setTimeout clearTimeout require " +
    "global peek32 poke32 " +
    "Math String Uint8Array Uint16Array Uint32Array Int32Array ArrayBuffer Error parseInt atob undefined"
  ).split(" "),
);

/** Methods and properties that other engines have and Espruino has not. */
const MISSING = new Set(
  (
    "imul clz32 trunc fround log2 log10 hypot cbrt at flat flatMap entries copyWithin findLast " +
    "findLastIndex reduceRight codePointAt matchAll normalize search trimStart trimEnd " +
    "localeCompare fromCodePoint raw isInteger isFinite isNaN isSafeInteger EPSILON " +
    "BYTES_PER_ELEMENT isView freeze seal hasOwn preventExtensions finally race any allSettled"
  ).split(" "),
);

/** Names that Espruino takes for keywords. */
const KEYWORDS = new Set(["of", "static", "undefined"]);

/** Says where in the sources a position of the script comes from, such as `firmware/clock.ts:12`. */
export type Locate = (line: number, column: number) => string;

/**
 * Checks a script.
 *
 * @throws Error that names the place, the reason and the code
 */
export function checkSubset(script: string, locate: Locate): void {
  const tree = parse(script, { ecmaVersion: 2022, locations: true, ranges: true });

  function refuse(node: Node, why: string): never {
    const { line = 1, column = 0 } = node.loc?.start ?? {};
    const code = script.slice(node.start, node.start + 60).split("\n")[0];
    throw new Error(`${locate(line, column)}: Espruino ${why}: ${code}`);
  }

  fullAncestor(tree, (node, _, ancestors) => checkNode(node as AnyNode, ancestors, refuse));

  const manager = analyze(tree as Parameters<typeof analyze>[0], { ecmaVersion: 2022 });
  for (const { identifier } of manager.globalScope?.through ?? []) {
    if (!GLOBALS.has(identifier.name)) {
      refuse(identifier as unknown as Node, `does not know ${identifier.name}`);
    }
  }
  for (const scope of manager.scopes) {
    for (const variable of scope.variables) checkVariable(variable, refuse);
  }
}

type Refuse = (node: Node, why: string) => never;

function checkNode(node: AnyNode, ancestors: readonly Node[], refuse: Refuse): void {
  switch (node.type) {
    case "LabeledStatement":
      refuse(node, "has no labels");
      break;
    case "TaggedTemplateExpression":
      refuse(node, "has no tagged templates");
      break;
    case "Property":
      if (node.computed) refuse(node, "has no computed keys");
      break;
    case "SwitchStatement":
      if (node.cases.slice(0, -1).some((each) => each.test === null)) {
        refuse(node, "wants default to be the last case");
      }
      break;
    case "ClassDeclaration":
    case "ClassExpression":
      if (node.superClass?.type === "Identifier" && node.superClass.name === "Error") {
        refuse(node, "cannot extend Error");
      }
      break;
    case "MemberExpression":
      checkMember(node, ancestors.at(-2) as AnyNode | undefined, refuse);
      break;
    case "NewExpression": {
      const { callee } = node;
      const typed = callee.type === "Identifier" && /^(Ui|I)nt\d+Array$/.test(callee.name);
      if (typed && node.arguments.length === 0) refuse(node, "wants a length for a typed array");
      break;
    }
    case "Literal":
      if (node.regex && /\(\?[=!<]/.test(node.regex.pattern)) {
        refuse(node, "knows no lookahead, lookbehind or named groups");
      }
      break;
    case "Identifier": {
      const isArguments = node.name === "arguments";
      const inArrow = isArguments && nearestFunction(ancestors)?.type === "ArrowFunctionExpression";
      if (inArrow) refuse(node, "gives an arrow function arguments of its own");
    }
  }
}

function checkMember(
  node: AnyNode & { type: "MemberExpression" },
  parent: AnyNode | undefined,
  refuse: Refuse,
): void {
  if (node.object.type === "Super") refuse(node, "can call super.method() for ever");
  if (node.computed || node.property.type !== "Identifier") return;
  const { name } = node.property;
  if (MISSING.has(name)) refuse(node, `has no .${name}`);
  if (name === "slice") refuse(node, "makes an Array of a slice of a typed array; use subarray");
  const assigned = parent?.type === "AssignmentExpression" && parent.left === node;
  if (name === "length" && assigned) refuse(node, "does not let .length be set");
}

function nearestFunction(ancestors: readonly Node[]): Node | undefined {
  return [...ancestors]
    .reverse()
    .slice(1)
    .find((node) => /Function/.test(node.type));
}

function checkVariable(variable: Variable, refuse: Refuse): void {
  const definition = variable.defs[0];
  if (!definition) return;
  const name = definition.name as unknown as Node;
  if (KEYWORDS.has(variable.name)) refuse(name, `takes ${variable.name} for a keyword`);

  if (definition.type === "FunctionName" && definition.node.type === "FunctionDeclaration") {
    refuseEarlier(
      variable,
      (definition.node as unknown as Node).start,
      refuse,
      "does not hoist functions; declare it above its use",
    );
  }
  if (definition.type === "Variable" && definition.parent.kind === "var") {
    refuseEarlier(
      variable,
      name.start,
      refuse,
      "does not hoist var, and takes the name of an outer scope instead; declare it above its use",
    );
  }

  // The head of a loop makes a scope of its own; a function in the loop sees the variable change.
  if (variable.scope.type === "for") {
    const captured = variable.references.find(
      (each) => each.from.variableScope !== variable.scope.variableScope,
    );
    if (captured) {
      refuse(
        captured.identifier as unknown as Node,
        "shares a loop's variable among the functions made in the loop; copy it in the body",
      );
    }
  }
}

// Refuses a use that stands before the declaration and runs with the scope's own code.
function refuseEarlier(variable: Variable, declared: number, refuse: Refuse, why: string): void {
  const early = variable.references.find(
    (reference) => runsWith(reference, variable.scope) && startOf(reference) < declared,
  );
  if (early) refuse(early.identifier as unknown as Node, why);
}

function startOf(reference: Reference): number {
  return (reference.identifier as unknown as Node).start;
}

// Whether a reference is evaluated when the scope's own code runs, and not in a function called later.
function runsWith(reference: Reference, scope: Scope): boolean {
  return reference.from.variableScope === scope.variableScope;
}

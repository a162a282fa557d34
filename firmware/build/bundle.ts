/**
 * Builds the firmware: TypeScript through esbuild and terser to one script in the subset of JavaScript that
 * Espruino runs.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import { build, type Plugin, transform } from "esbuild";
import { minify } from "terser";
import type { BoardName } from "../../protocol/flash-layout.ts";
import type * as RELEASED from "../scan-plan.ts";
import { pretokenise } from "./pretokenise.ts";
import { checkSubset } from "./subset.ts";

// From dist/firmware/build as well as from firmware/build.
const ROOT = fileURLToPath(new URL(".", import.meta.url)).replace(
  /(dist\/)?firmware\/build\/$/,
  "",
);

// Rewritings that spare the token variables and bytes and leave the order of declarations alone. The suite
// on the real interpreter checks what comes out.
const COMPRESS = {
  ecma: 2019,
  passes: 5,
  inline: 3,
  // A function written out where it is called would be made anew for each call.
  reduce_funcs: false,
  toplevel: true,
  keep_fargs: false,
  pure_getters: true,
  unsafe_arrows: true,
  unsafe_math: true,
  // Reserved words are one byte each in the end.
  booleans: false,
} as const;

// What esbuild is to know of Espruino.
const SUPPORTED = {
  // Lowered by esbuild:
  "class-field": false,
  "class-static-field": false,
  "optional-chain": false,
  "exponent-operator": false,
  "logical-assignment": false,
  // Known to Espruino although newer than ES2015:
  "nullish-coalescing": true,
  "optional-catch-binding": true,
  // Refused by esbuild:
  "default-argument": false,
  "rest-argument": false,
  destructuring: false,
  "array-spread": false,
  generator: false,
  "async-await": false,
  "for-await": false,
  bigint: false,
  "new-target": false,
  "regexp-named-capture-groups": false,
  "regexp-lookbehind-assertions": false,
  "unicode-escapes": false,
} as const;

// Globals that are named often get a short name; a long one costs flash at each place.
const GLOBALS = ["Uint8Array", "Uint16Array", "Uint32Array", "Math", "E", "NRF"];
const short = (name: string): string => `$${name}`;

// Every name that crosses the border to Espruino stands in its declarations; the rest is ours and may
// be shortened, which saves flash and variables on the token.
function platformNames(): string[] {
  const declarations = readFileSync(`${ROOT}firmware/espruino.d.ts`, "utf8");
  return declarations.match(/[A-Za-z_]\w*/g) ?? [];
}

/** Numbers of `firmware/scan-plan.ts` by name. */
export type ScanPlan = Readonly<Partial<Record<keyof typeof RELEASED, number>>>;

/** Builds the bundle of a board; see {@link buildScript}. @param plan - numbers of the plan that are to be others */
export function buildFirmware(board: BoardName, plan?: ScanPlan): Promise<string> {
  return buildFor(`${ROOT}firmware/boards/${board}.ts`, plan);
}

/** Builds the firmware for a board file somewhere else; see {@link buildScript}. */
export function buildFor(board: string, plan?: ScanPlan): Promise<string> {
  return buildScript(`${ROOT}firmware/main.ts`, board, plan);
}

// Puts other numbers into the plan. @throws Error for a name that it does not have
function replan(plan: ScanPlan): Plugin {
  return {
    name: "scan plan",
    setup: (build) => {
      build.onLoad({ filter: /firmware\/scan-plan\.ts$/ }, ({ path }) => ({
        loader: "ts",
        contents: Object.entries(plan).reduce(
          (source, [name, value]) => {
            const line = new RegExp(`^(export const ${name} = )[^;]+`, "m");
            if (!line.test(source)) throw new Error(`The scan plan has no ${name}`);
            return source.replace(line, `$1${value}`);
          },
          readFileSync(path, "utf8"),
        ),
      }));
    },
  };
}

/**
 * Builds a script for Espruino.
 *
 * @param entry - path of the source that everything else is imported from
 * @param board - path of what is imported as `#board`
 * @param plan - numbers of `firmware/scan-plan.ts` that are to be others
 * @returns the script, one byte for each character, ready to be stored as boot code
 * @throws Error naming file and line when a source uses what Espruino lacks
 */
export async function buildScript(
  entry: string,
  board: string,
  plan: ScanPlan = {},
): Promise<string> {
  const result = await build({
    plugins: [replan(plan)],
    entryPoints: [entry],
    bundle: true,
    write: false,
    absWorkingDir: ROOT,
    outfile: `${ROOT}bundle.js`,
    sourcemap: "external",
    logLevel: "silent",
    // Not "iife", which would put a shim around require().
    format: "cjs",
    external: ["Flash", "crypto"],
    alias: { "#board": board },
    platform: "neutral",
    target: "es2015",
    charset: "ascii",
    // esbuild's own renaming may choose `of`, which Espruino takes for a keyword: terser renames.
    minifyWhitespace: true,
    minifySyntax: true,
    tsconfigRaw: { compilerOptions: { useDefineForClassFields: false } },
    supported: SUPPORTED,
  });
  const text = (ending: string): string =>
    result.outputFiles.find(({ path }) => path.endsWith(ending))?.text ?? "";
  // On one line with the bundle's first, so that its line numbers stay.
  const bundled = `(function(){${text(".js")}})();`;
  const map = new TraceMap(text(".map"));
  checkSubset(bundled, (line, column) => {
    const shift = line === 1 ? "(function(){".length : 0;
    const place = originalPositionFor(map, { line, column: Math.max(0, column - shift) });
    return place.source ? `${place.source}:${place.line}` : entry;
  });
  const define = Object.fromEntries(GLOBALS.map((name) => [name, short(name)]));
  const { code } = await transform(text(".js"), {
    define,
    target: "es2015",
    supported: SUPPORTED,
    charset: "ascii",
  });
  const globals = GLOBALS.map((name) => `${short(name)}=${name}`).join();
  // No function around it all: on the token each function would take a variable more for its scope.
  const minified = await minify(`var ${globals};${code}`, {
    toplevel: true,
    compress: COMPRESS,
    mangle: {
      reserved: ["of", "static"],
      properties: { reserved: platformNames(), keep_quoted: true },
    },
    format: { ascii_only: true, ecma: 2019 },
  });
  const script = minified.code ?? "";
  checkSubset(`(function(){${script}})();`, () => `${entry}, minified`);
  return pretokenise(script);
}

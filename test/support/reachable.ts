import { type Debugger, type Runtime, Session } from "node:inspector";

/** What can be reached from some objects. */
export interface Reachable {
  /** All strings, one a line. */
  readonly text: string;
  /** The contents of all typed arrays, in hexadecimal digits, one a line. */
  readonly bytes: string;
  readonly objects: number;
}

/** Internal properties that lead to what an object holds, and not to what it is. */
const HOLDING = ["[[Entries]]", "[[PromiseResult]]", "[[BoundThis]]", "[[BoundArgs]]"];

/**
 * Walks through all that objects hold, as a debugger sees it: private fields, entries, results of promises, and what functions of the
 * companion close over, but for their modules.
 *
 * @param except - where not to go
 */
export function reachableFrom(roots: readonly object[], except: readonly object[]): Reachable {
  const walk = new Walk(roots, except);
  try {
    return walk.run();
  } finally {
    walk.end();
  }
}

const shared = globalThis as { walk?: unknown };

class Walk {
  readonly #session = new Session();
  /** Ids of the companion's scripts. */
  readonly #scripts = new Set<string>();
  readonly #texts: string[] = [];
  readonly #bytes: string[] = [];
  readonly #waiting: Runtime.RemoteObject[];

  constructor(roots: readonly object[], except: readonly object[]) {
    const seen = new Set<object>(except);
    const isNew = (value: object): boolean => {
      if (seen.has(value)) return false;
      seen.add(value);
      if (!ArrayBuffer.isView(value)) return true;
      const { buffer, byteOffset, byteLength } = value;
      this.#bytes.push(Buffer.from(buffer, byteOffset, byteLength).toString("hex"));
      return false;
    };
    shared.walk = { roots, isNew };
    this.#session.connect();
    this.#session.on("Debugger.scriptParsed", ({ params: { url, scriptId } }) => {
      if (/\/companion\/[^/]+\/[^/]+\.ts/.test(url) && !url.includes("/test/")) {
        this.#scripts.add(scriptId);
      }
    });
    this.#ask("Debugger.enable", {});
    const { result } = this.#ask<Runtime.EvaluateReturnType>("Runtime.evaluate", {
      expression: "globalThis.walk.roots",
    });
    this.#waiting = [result];
  }

  run(): Reachable {
    let objects = 0;
    for (let next = this.#waiting.pop(); next; next = this.#waiting.pop()) {
      const { type, value, objectId } = next;
      if (type === "string") this.#texts.push(String(value));
      // Symbols have an id, too.
      if (!objectId || !["object", "function"].includes(type) || !this.#isNew(objectId)) continue;
      objects++;
      this.#waiting.push(
        ...(type === "function" ? this.#closures(objectId) : this.#held(objectId)),
      );
    }
    return { text: this.#texts.join("\n"), bytes: this.#bytes.join("\n"), objects };
  }

  end(): void {
    this.#session.disconnect();
    delete shared.walk;
  }

  #isNew(objectId: string): boolean {
    return (
      this.#ask<Runtime.CallFunctionOnReturnType>("Runtime.callFunctionOn", {
        objectId,
        functionDeclaration: "function () { return globalThis.walk.isNew(this); }",
        returnByValue: true,
      }).result.value === true
    );
  }

  #properties(objectId: string): Properties {
    return this.#ask("Runtime.getProperties", { objectId, ownProperties: true });
  }

  #held(objectId: string): Runtime.RemoteObject[] {
    const { result, privateProperties, internalProperties } = this.#properties(objectId);
    const internal = internalProperties?.filter(({ name }) => HOLDING.includes(name)) ?? [];
    const own = result.filter(({ name }) => name !== "__proto__");
    return valuesOf([...own, ...(privateProperties ?? []), ...internal]);
  }

  // What a function closes over of the functions around it.
  #closures(objectId: string): Runtime.RemoteObject[] {
    const { internalProperties = [] } = this.#properties(objectId);
    const internal = new Map(internalProperties.map(({ name, value }) => [name, value]));
    const { scriptId } = (internal.get("[[FunctionLocation]]")?.value ??
      {}) as Partial<Debugger.Location>;
    const bound = valuesOf(internalProperties.filter(({ name }) => HOLDING.includes(name)));
    const scopes = internal.get("[[Scopes]]")?.objectId;
    if (!scriptId || !this.#scripts.has(scriptId) || !scopes) return bound;
    return valuesOf(this.#properties(scopes).result).flatMap((scope) => {
      if (!scope.objectId || !/^(Closure|Block)/.test(scope.description ?? "")) return bound;
      const { result } = this.#properties(scope.objectId);
      // Around a module, its imports are.
      return result.some(({ name }) => name.startsWith("__vi")) ? bound : valuesOf(result);
    });
  }

  // A session with its own thread answers at once.
  #ask<T>(method: string, parameters: object): T {
    let answer: unknown;
    let failure: Error | null = new Error(`${method} was not answered at once`);
    this.#session.post(method, parameters, (error, result) => {
      failure = error;
      answer = result;
    });
    if (failure) throw failure;
    return answer as T;
  }
}

/** With what the types do not know yet. */
interface Properties extends Runtime.GetPropertiesReturnType {
  readonly privateProperties?: Runtime.PropertyDescriptor[];
}

function valuesOf(
  properties: readonly { readonly value?: Runtime.RemoteObject | undefined }[],
): Runtime.RemoteObject[] {
  return properties.flatMap(({ value }) => value ?? []);
}

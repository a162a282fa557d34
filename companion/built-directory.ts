import { fileURLToPath } from "node:url";

const HERE = new URL(".", import.meta.url);
// From dist/companion as well as from companion.
const ROOT = new URL(HERE.pathname.endsWith("/dist/companion/") ? "../../" : "../", HERE);

/**
 * Where `npm run build` puts what belongs to a folder of the project, and is no module.
 *
 * @param folder - such as `companion/page`
 * @returns a path that ends with a slash
 */
export function builtDirectory(folder: string): string {
  return fileURLToPath(new URL(`dist/${folder}/`, ROOT));
}

import { contract } from "./contract.ts";
import { embeddedTarget } from "./embedded-target.ts";
import { hasReference, referenceTarget } from "./reference-target.ts";

contract("this project's server", embeddedTarget);

// Where the environment names running ones, see docs/servers.md.
if (hasReference) contract("Google's servers", async () => referenceTarget());

import { contract } from "./contract.ts";
import { embeddedTarget } from "./embedded-target.ts";

contract("this project's server", embeddedTarget);

// The cryptography of boards that have none of their own, given to Espruino's `E` under names that the build keeps.
import { aes128 } from "../../firmware/boards/parts/portable-aes.ts";
import { sha256 } from "../../firmware/boards/parts/portable-sha256.ts";

E.encrypt = aes128;
E.SHA256 = sha256;

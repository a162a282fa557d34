// AES of boards that have none of their own, given to Espruino's `E` under a name that the build keeps.
import { aes128 } from "../../firmware/boards/parts/portable-aes.ts";

E.encrypt = aes128;

import { createServer, type Server } from "node:net";
import { crc32 } from "node:zlib";
import { expect } from "vitest";
import { Failure } from "../../../companion/failure.ts";
import type { EspruinoLink } from "../../../companion/provisioning/espruino-link.ts";
import { FLASH_TARGETS } from "../../../companion/provisioning/flash-target.ts";

const { storage, storageBytes } = FLASH_TARGETS.puckjs;

/** A Puck.js that evaluates what it is sent, on a flash whose bits only fall. */
export class FakeEspruino implements EspruinoLink {
  readonly board = "PUCKJS";
  readonly storageBytes = storageBytes;
  readonly flash = new Uint8Array(storageBytes).fill(0xff);
  version = "2v29";
  evaluations = 0;
  restarts = 0;
  /** The port vanishes at this evaluation, before or after it is carried out. */
  vanishesAt = Number.POSITIVE_INFINITY;
  vanishesAfterwards = false;

  async evaluate(expression: string): Promise<unknown> {
    const vanishes = ++this.evaluations >= this.vanishesAt;
    if (vanishes && !this.vanishesAfterwards) throw new Failure("link-lost", "Gone.");
    const value = this.#run(expression);
    if (vanishes) throw new Failure("link-lost", "Gone.");
    return value;
  }

  async reset(): Promise<void> {
    await this.evaluate("reset()");
  }

  async close(): Promise<void> {}

  #run(expression: string): unknown {
    const { flash } = this;
    const modules: Record<string, object> = {
      Storage: { eraseAll: () => void flash.fill(0xff) },
      Flash: {
        read: (length: number, address: number) =>
          flash.slice(address - storage, address - storage + length),
        write: (data: string, address: number) => {
          expect([data.length % 4, address % 4]).toEqual([0, 0]);
          Buffer.from(data, "latin1").forEach((byte, index) => {
            flash[address - storage + index]! &= byte;
          });
        },
      },
    };
    const E = { CRC32: (bytes: Uint8Array) => crc32(bytes), reboot: () => this.restarts++ };
    return new Function("require", "E", "setTimeout", "reset", `return (${expression})`)(
      (name: string) => modules[name],
      E,
      (action: () => void) => action(),
      () => {},
    );
  }
}

const ACK = "\x06";
const NAK = "\x15";
const START_OF_PACKET = "\x10\x01";

/** Puts a board behind a TCP port, as Espruino's Linux build does; see its `README_Protocol.md`. */
export async function serve(board: FakeEspruino): Promise<{ port: string; server: Server }> {
  const server = createServer((socket) => {
    let input = "";
    const send = (text: string): void => void socket.write(Buffer.from(text, "latin1"));

    async function answer(expression: string): Promise<void> {
      try {
        const value = String(JSON.stringify(await board.evaluate(expression)));
        const length = String.fromCharCode(value.length >> 8, value.length & 0xff);
        send(`${ACK}${START_OF_PACKET}${length}${value}`);
      } catch (error) {
        if (error instanceof Failure) socket.destroy();
        else send(NAK);
      }
    }

    socket.on("error", () => {});
    socket.setEncoding("latin1").on("data", (chunk: string) => {
      input += chunk;
      const packet = input.indexOf(START_OF_PACKET);
      if (packet >= 0) {
        // The upper three bits are the type: an expression to evaluate.
        const length = ((input.charCodeAt(packet + 2) & 0x1f) << 8) | input.charCodeAt(packet + 3);
        const expression = input.slice(packet + 4);
        if (expression.length < length) return;
        input = "";
        void answer(expression);
      } else if (input.includes("process.env")) {
        input = "";
        const facts = { BOARD: board.board, VERSION: board.version, STORAGE: board.storageBytes };
        send(`< <<${JSON.stringify(facts)}>> >\r\n>`);
      } else if (input.endsWith("\n")) {
        input = "";
        send("\r\n=undefined\r\n>");
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { port: `tcp://127.0.0.1:${(server.address() as { port: number }).port}`, server };
}

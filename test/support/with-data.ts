import { type BlockPrimitives, TAG_FLAGS } from "../../protocol/ccm.ts";

const DATA_FLAG = 0x40;

/**
 * Lets `cryptCcm` authenticate data, at most 255 bytes, that is not sent, as RFC 3610's vectors do and sync does not: it goes
 * behind the first block of what the tag is made of (section 2.2). Runs on Espruino, too.
 */
export function withData(primitives: BlockPrimitives, data: Uint8Array): BlockPrimitives {
  return {
    aes128: primitives.aes128,
    cbcMac: (key, blocks, iv) => {
      const isFirst = blocks.length === 16 && blocks[0] === TAG_FLAGS && !iv.some((byte) => !!byte);
      if (!isFirst || !data.length) return primitives.cbcMac(key, blocks, iv);
      const head = new Uint8Array(16 + ((data.length + 17) & -16));
      head.set(blocks);
      head[0] = TAG_FLAGS | DATA_FLAG;
      head[17] = data.length;
      head.set(data, 18);
      return primitives.cbcMac(key, head, iv);
    },
  };
}

import fc from "fast-check";

/** The most bytes of advertising data. */
export const MOST_BYTES = 31;

const byte = fc.nat({ max: 255 });
// What the firmware looks for, or Espruino's parser stumbles over, comes more often than by chance.
const telling = fc.oneof(byte, fc.constantFrom(0, 0x03, 0x08, 0x09, 0x16, 0x6f, 0xfd, 23, 0xff));

// Structures whose lengths are right or wrong, cut off anywhere.
const structures = fc
  .array(
    fc.record({
      claimed: fc.option(byte),
      type: telling,
      content: fc.array(telling, { maxLength: 28 }),
    }),
    { maxLength: 8 },
  )
  .map((all) =>
    all.flatMap(({ claimed, type, content }) => [claimed ?? content.length + 1, type, ...content]),
  );

// A beacon in either form with some bytes changed, cut off or moved.
const almostBeacons = fc
  .tuple(
    fc.boolean(),
    fc.array(byte, { minLength: 20, maxLength: 20 }),
    fc.array(fc.tuple(fc.nat({ max: 30 }), byte), { maxLength: 3 }),
  )
  .map(([withFlags, rpiAndAem, changes]) => {
    const flags = withFlags ? [2, 1, 0x1a] : [];
    const bytes = [...flags, 3, 3, 0x6f, 0xfd, 23, 0x16, 0x6f, 0xfd, ...rpiAndAem];
    for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
    return bytes;
  });

/** Advertising data of anybody: 0 to 31 bytes, among them much that looks like a beacon. */
export const ADVERTISEMENTS = fc
  .tuple(
    fc.oneof(fc.array(telling, { maxLength: MOST_BYTES }), structures, almostBeacons),
    fc.nat({ max: MOST_BYTES }),
  )
  .map(([bytes, length]) => Uint8Array.from(bytes.slice(0, length % 4 ? MOST_BYTES : length)));

/** Shapes that were seen to do harm, or are at the edge of what is read: in hex. */
export const HOSTILE_SHAPES = [
  "",
  "00",
  "0009",
  "000900",
  "000800",
  "ff09",
  "02166ffd",
  "03166ffd",
  "17166ffd",
  "03036ffd17166ffd",
  "03036ffd02166ffd",
  `17166ffd${"00".repeat(19)}`,
  `17166ffd${"00".repeat(20)}`,
  `6ffd${"6ffd".repeat(14)}`,
  "ff".repeat(31),
  "00".repeat(31),
] as const;

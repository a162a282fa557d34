/** SHA-256 (FIPS 180-4) for boards whose Espruino has none. */

const ROUNDS = 64;
const BLOCK_BYTES = 64;

/** What FIPS 180-4 names K, and then the initial hash value. */
const constants = new Int32Array(
  E.toUint8Array(
    atob(
      "mC+KQpFEN3HP+8C1pdu16VvCVjnxEfFZpII/ktVeHKuYqgfYAVuDEr6FMSTDfQxVdF2+cv6x3oCnBtybdPGbwcFp" +
        "m+SGR77vxp3BD8yhDCRvLOktqoR0StypsFzaiPl2UlE+mG3GMajIJwOwx39Zv/ML4MZHkafVUWPKBmcpKRSFCrcn" +
        "OCEbLvxtLE0TDThTVHMKZbsKanYuycKBhSxykqHov6JLZhqocItLwqNRbMcZ6JLRJAaZ1oU1DvRwoGoQFsGkGQhs" +
        "Nx5Md0gntbywNLMMHDlKqthOT8qcW/NvLmjugo90b2OleBR4yIQIAseM+v++kOtsUKT3o/m+8nhxxmfmCWqFrme7" +
        "cvNuPDr1T6V/Ug5RjGgFm6vZgx8ZzeBb",
    ),
  ).buffer,
);

const words = new Int32Array(ROUNDS);
const wordBytes = new Uint8Array(words.buffer);
/** The bytes of a block from the last of each word to its first. */
const SWAP = new Uint8Array(BLOCK_BYTES).map((_, index) => index ^ 3);

function schedule(block: Uint8Array): void {
  E.mapInPlace(SWAP, wordBytes, block);
  const w = words;
  let i = 16;
  let x = 0;
  let y = 0;
  for (; i < ROUNDS; i++) {
    x = w[i - 15];
    y = w[i - 2];
    w[i] =
      (w[i - 16] +
        w[i - 7] +
        (((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3)) +
        (((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10))) |
      0;
  }
}

function update(hash: Int32Array, block: Uint8Array): void {
  schedule(block);
  const w = words;
  const k = constants;
  let e = hash[4];
  let a = hash[0];
  let i = 0;
  let sum = 0;
  let b = hash[1];
  let c = hash[2];
  let f = hash[5];
  let g = hash[6];
  let d = hash[3];
  let h = hash[7];
  for (; i < ROUNDS; i++) {
    sum =
      h +
      (((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7))) +
      (g ^ (e & (f ^ g))) +
      k[i] +
      w[i];
    h = g;
    g = f;
    f = e;
    e = (d + sum) | 0;
    sum +=
      (((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10))) +
      ((a & b) ^ (c & (a ^ b)));
    d = c;
    c = b;
    b = a;
    a = sum | 0;
  }
  hash[0] += a;
  hash[1] += b;
  hash[2] += c;
  hash[3] += d;
  hash[4] += e;
  hash[5] += f;
  hash[6] += g;
  hash[7] += h;
}

export function sha256(message: Uint8Array): Uint8Array {
  const length = message.length;
  // A one, zeros, and the length in bits, up to a whole number of blocks.
  const padded = new Uint8Array((length + 9 + BLOCK_BYTES - 1) & -BLOCK_BYTES);
  padded.set(message);
  padded[length] = 0x80;
  padded.set([length >>> 21, length >>> 13, length >>> 5, length << 3], padded.length - 4);
  const hash = new Int32Array(8);
  hash.set(constants.subarray(ROUNDS));
  for (let at = 0; at < padded.length; at += BLOCK_BYTES) {
    update(hash, padded.subarray(at, at + BLOCK_BYTES));
  }
  const digest = new Uint8Array(32);
  E.mapInPlace(SWAP.subarray(0, 32), digest, new Uint8Array(hash.buffer));
  return digest;
}

/** A whole handshake and one exchange, in hex; `docs/sync-protocol.md` shows them. Made with OpenSSL's primitives. */
export const SYNC_VECTORS = {
  tokenKey: "000102030405060708090a0b0c0d0e0f",
  deskNonce: "101112131415161718191a1b1c1d1e1f",
  tokenNonce: "202122232425262728292a2b2c2d2e2f",
  pseudorandomKey: "ab5b1dcb9c57b6df1e734d3d6010a7bdbd1f784d1d5dab61f525295030fa1a7c",
  sessionKey: "aaa44331ef7aab4e1ca515725ac4c571",
  proof: "dbdd8eb9837b75e32813ef6d948f3b90",
  hello: "000003101112131415161718191a1b1c1d1e1f",
  answer: "202122232425262728292a2b2c2d2e2fdbdd8eb9837b75e32813ef6d948f3b90",
  answerFragment: "20202122232425262728292a2b2c2d2e2fdbdd8eb9837b75e32813ef6d948f3b90",
  /** READ_KEYS with tag 7, and its refusal for want of consent. */
  request: "0407",
  requestWrite: "0100751a75fd493ac8c07ae8",
  response: "ff0703",
  responseFragment: "60a3f78de6d74ff8f9dfeb7b",
} as const;

/** Places of a response to READ_KEYS, in hex: keys of 15 September 2020, which begins with interval 2666880. */
export const KEY_VECTORS = [
  {
    place: "10b22800000102030405060708090a0b0c0d0e0f",
    key: { tek: "000102030405060708090a0b0c0d0e0f", start: 2666880, period: 144 },
  },
  // Cut short after the interval of 15:00 to 15:10.
  {
    place: "dbb12800101112131415161718191a1b1c1d1e1f",
    key: { tek: "101112131415161718191a1b1c1d1e1f", start: 2666880, period: 91 },
  },
  { place: "00".repeat(20), key: undefined },
] as const;

/** RFC 3610, section 8, packet vectors 1 to 6 (those with a tag of 8 bytes): the length of the header that is sent in the
 * clear and of the whole packet, the nonce, what comes out. The packet is 00, 01, 02, ... */
export const CCM_VECTORS: readonly (readonly [
  header: number,
  packet: number,
  nonce: string,
  sealed: string,
])[] = [
  [
    8,
    31,
    "00000003020100a0a1a2a3a4a5",
    "588c979a61c663d2f066d0c2c0f989806d5f6b61dac38417e8d12cfdf926e0",
  ],
  [
    8,
    32,
    "00000004030201a0a1a2a3a4a5",
    "72c91a36e135f8cf291ca894085c87e3cc15c439c9e43a3ba091d56e10400916",
  ],
  [
    8,
    33,
    "00000005040302a0a1a2a3a4a5",
    "51b1e5f44a197d1da46b0f8e2d282ae871e838bb64da8596574adaa76fbd9fb0c5",
  ],
  [12, 31, "00000006050403a0a1a2a3a4a5", "a28c6865939a9a79faaa5c4c2a9d4a91cdac8c96c861b9c9e61ef1"],
  [
    12,
    32,
    "00000007060504a0a1a2a3a4a5",
    "dcf1fb7b5d9e23fb9d4e131253658ad86ebdca3e51e83f077d9c2d93",
  ],
  [
    12,
    33,
    "00000008070605a0a1a2a3a4a5",
    "6fc1b011f006568b5171a42d953d469b2570a4bd87405a0443ac91cb94",
  ],
];
/** The key of {@link CCM_VECTORS}. */
export const CCM_KEY = "c0c1c2c3c4c5c6c7c8c9cacbcccdcecf";

/** RFC 5869, appendix A, cases 1 and 3 (whose salts HMAC here takes): key material, salt, info, PRK, first 32 bytes of OKM. */
export const HKDF_VECTORS = [
  {
    keyMaterial: "0b".repeat(22),
    salt: "000102030405060708090a0b0c",
    info: "f0f1f2f3f4f5f6f7f8f9",
    pseudorandomKey: "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5",
    output: "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf",
  },
  {
    keyMaterial: "0b".repeat(22),
    salt: "",
    info: "",
    pseudorandomKey: "19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04",
    output: "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d",
  },
] as const;

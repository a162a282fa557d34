export const LAYOUT = { storage: 0x10000000, storagePages: 10, poolPages: 6 };

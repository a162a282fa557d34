import { BinaryReader, type WireType } from "@bufbuild/protobuf/wire";
import { Failure } from "../failure.ts";

/**
 * Calls `read` for each field of a protobuf message that is listed with its wire type; all other
 * fields are skipped, as the protobuf encoding demands of unknown ones.
 *
 * @param read must take exactly one value from the reader
 * @throws Failure `export-malformed` when the bytes are no protobuf message
 */
export function eachField(
  bytes: Uint8Array,
  wireTypes: Readonly<Record<number, WireType>>,
  read: (field: number, reader: BinaryReader) => void,
): void {
  const reader = new BinaryReader(bytes);
  try {
    while (reader.pos < reader.len) {
      const [field, wireType] = reader.tag();
      if (wireTypes[field] === wireType) read(field, reader);
      else reader.skip(wireType, field);
    }
  } catch (error) {
    // BinaryReader reports damage with errors of several kinds.
    if (error instanceof Failure) throw error;
    throw malformed();
  }
}

/** The error of contents that break the format. */
export function malformed(): Failure {
  return new Failure(
    "export-malformed",
    "The contents of the export file do not follow the export format; tell the key server's operator.",
  );
}

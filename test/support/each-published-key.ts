import {
  type PublishedKey,
  type PublishedKeys,
  publishedKeyAt,
} from "../../companion/exports/published-keys.ts";

/** All keys of several columns, one by one. */
export function* eachPublishedKey(columns: Iterable<PublishedKeys>): Generator<PublishedKey> {
  for (const keys of columns) {
    for (let index = 0; index < keys.length; index++) yield publishedKeyAt(keys, index);
  }
}

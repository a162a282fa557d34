import { join } from "node:path";
import Libsql from "libsql";
import { ensurePrivateFile } from "./private-file.ts";
import { SCHEMA_STEPS } from "./schema.ts";
import { StartError } from "./start-error.ts";

/** What can be bound to a statement. */
export type SqlValue = string | number | Uint8Array | null;

/**
 * The server's SQLite database. Statements are prepared once. Parameters always go to libsql as
 * one array, because it takes a lone Uint8Array for named parameters; BLOBs come back as
 * Uint8Array.
 */
export class Database {
  readonly #connection: Libsql.Database;
  readonly #statements = new Map<string, Libsql.Statement>();

  /**
   * Opens `key-server.sqlite` in a directory, or a private database for `:memory:`, and brings an
   * older one up to date.
   *
   * @throws StartError when the file has the schema of a newer version
   */
  constructor(dataDir: string) {
    const path = dataDir === ":memory:" ? dataDir : join(dataDir, "key-server.sqlite");
    // SQLite gives its own files the mode of the database file, so that must be right beforehand.
    if (path !== ":memory:") ensurePrivateFile(path);
    this.#connection = new Libsql(path);
    // secure_delete: what retention removes is overwritten, not merely unlinked. temp_store: nothing
    // is sorted on the disk.
    this.#connection.exec(
      "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY;",
    );
    this.#migrate();
  }

  #migrate(): void {
    const [row] = this.all<{ user_version: number }>("PRAGMA user_version");
    const version = row?.user_version ?? 0;
    if (version > SCHEMA_STEPS.length) {
      throw new StartError(
        `The database has schema version ${version} but this server knows version ${SCHEMA_STEPS.length}; start the version of the server that wrote it.`,
      );
    }
    SCHEMA_STEPS.slice(version).forEach((step, index) => {
      this.transaction(() => {
        step(this);
        this.execute(`PRAGMA user_version = ${version + index + 1}`);
      });
    });
  }

  #statement(sql: string): Libsql.Statement {
    let statement = this.#statements.get(sql);
    if (!statement) {
      statement = this.#connection.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  /** Runs statements that take no parameters. */
  execute(sql: string): void {
    this.#connection.exec(sql);
  }

  /** Runs a statement without a result and returns the number of rows changed. */
  run(sql: string, ...values: SqlValue[]): number {
    return this.#statement(sql).run(values).changes;
  }

  /** Runs a query; the caller names the row type that its own SQL yields. */
  all<Row extends object>(sql: string, ...values: SqlValue[]): Row[] {
    const rows = this.#statement(sql).all(values) as Record<string, unknown>[];
    for (const row of rows) {
      for (const [column, value] of Object.entries(row)) {
        if (value instanceof ArrayBuffer) row[column] = new Uint8Array(value);
      }
    }
    return rows as Row[];
  }

  /** The first row of a query. */
  get<Row extends object>(sql: string, ...values: SqlValue[]): Row | undefined {
    return this.all<Row>(sql, ...values)[0];
  }

  /** Runs synchronous work in one transaction that holds the write lock from the beginning. */
  transaction<T>(work: () => T): T {
    return this.#connection.transaction(work).immediate();
  }

  /** Runs synchronous queries on one state of the database, whatever others write meanwhile. */
  snapshot<T>(work: () => T): T {
    return this.#connection.transaction(work).deferred();
  }

  /** Moves the write-ahead log into the database, so that nothing deleted lingers in it. */
  truncateLog(): void {
    this.all("PRAGMA wal_checkpoint(TRUNCATE)");
  }

  close(): void {
    this.#connection.close();
  }
}

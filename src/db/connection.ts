import { Kysely, PostgresDialect } from "kysely";
import { type CustomTypesConfig, DatabaseError, Pool, types } from "pg";
import type { Database, Tables, Transaction } from "./schema.ts";

const int8 = 20;

/** 64-bit integers as numbers: our indexes and ids stay far below 2^53. */
const typeParsers: CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: "text") =>
    oid === int8 ? Number : types.getTypeParser(oid, format)) as CustomTypesConfig["getTypeParser"],
};

export interface ConnectionOptions {
  /** Connections at most. */
  readonly max: number;
  /** After so many milliseconds a statement is ended. */
  readonly statementTimeout?: number;
}

/** Opens the pool, without connecting yet. Every session runs in UTC; waiting for a connection ends after 2 s. */
export function openDatabase(url: string, options: ConnectionOptions): Database {
  const pool = new Pool({
    connectionString: url,
    max: options.max,
    connectionTimeoutMillis: 2000,
    statement_timeout: options.statementTimeout ?? 5000,
    options: "-c TimeZone=UTC",
    application_name: "artdag",
    types: typeParsers,
  });
  // A connection that breaks while it is idle is replaced by the pool; whoever uses one sees the error himself.
  pool.on("error", () => undefined);
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
}

/** Runs the work in a transaction: in the one that `db` is already, or else in a new one. */
export function inTransaction<T>(db: Database, work: (trx: Transaction) => Promise<T>): Promise<T> {
  return db.isTransaction ? work(db as Transaction) : db.transaction().execute(work);
}

/** Whether an error is PostgreSQL's refusal of a second row under the named unique constraint or index. */
export function isUniqueViolation(error: unknown, constraint: string): boolean {
  return error instanceof DatabaseError && error.code === "23505" && error.constraint === constraint;
}

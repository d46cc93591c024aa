import type { ColumnType } from "kysely";

/** A column for which the database has a default. */
export type Default<T> = ColumnType<T, T | undefined, T>;

import type { Millis } from '../core/model.ts'

/** What an SQL statement takes: `?` in the text, in this order. */
export type Value = string | number | null

/** Statements in the dialect that both engines share. */
export interface Query {
  all<Row>(sql: string, ...values: readonly Value[]): Promise<Row[]>
  get<Row>(sql: string, ...values: readonly Value[]): Promise<Row | null>
  /** @returns how many rows changed */
  run(sql: string, ...values: readonly Value[]): Promise<number>
}

/** What differs between the databases, and nothing else. */
export interface Engine extends Query {
  /** The time by which its secrets expire: of this machine, or where many machines share a database, of that one. */
  now(): Millis
  /** Row by row, however many there are, all as of one moment, and apart from any write. */
  each<Row>(sql: string, ...values: readonly Value[]): AsyncIterable<Row>
  /**
   * One write at a time, of this and all other processes; rolled back if the work throws. A commit survives a power cut,
   * except a `casual` one, which also gives up waiting sooner, and on PostgreSQL waits for no other write.
   */
  write<T>(work: (query: Query) => Promise<T>, manner?: 'casual'): Promise<T>
  /** 0: there is no store here yet. @param query inside a write, what it was given */
  schemaVersion(query?: Query): Promise<number>
  /** Runs a migration's statements, inside a write, and counts it. */
  migrate(query: Query, sql: string, version: number): Promise<void>
  /** A line of its own for reading often. */
  watch(): Promise<EngineWatch>
  close(): Promise<void>
}

/** What a store is at, so that whoever remembers what was in it knows whether that still holds. */
export interface Mark {
  readonly generation: number
  /** The last entry of the audit: a store that was brought back may come to the same number by another way. */
  readonly lastAudit: string | null
  readonly schemaVersion: number
}

/** As a `Watch` of core. */
export interface EngineWatch extends Query {
  mark(): Mark
  now(): Millis
  close(): Promise<void>
}

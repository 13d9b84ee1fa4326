import { PostgresServer } from './postgres.ts'

/** One server for all test files, which find it with `sharedServer()`. */
export default async function setup(): Promise<void> {
  // Tests kill processes, but pull nobody's plug: no disk has to be waited for.
  const server = await PostgresServer.start({ settings: { fsync: 'off' } })
  const { port, folder } = server
  process.env.TEST_POSTGRES = JSON.stringify({ port, folder })
  globalThis.sharedPostgres = server
}

declare global {
  var sharedPostgres: PostgresServer | undefined
}

import { hash, randomBytes } from 'node:crypto'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { build } from 'esbuild'

const ROOT = join(import.meta.dirname, '..')

/** Makes a store of so many tokens. @returns those of them that are valid at that moment */
export function filledStore(path, count, now, { manyClients, migrations, newSecret }) {
  const made = new Database(path)
  for (const migration of migrations) made.exec(migration)
  for (const statement of manyClients(count, now)) made.exec(statement)
  made.exec(`insert into store (one, id, token_prefix, created_at) values (1, 'bench', 'tkc', 0)`)
  const secrets = made
    .prepare(
      `select secret.digest, secret.token_id as id from secret join token on token.id = secret.token_id
       join client on client.id = token.client_id
       where secret.state = 'current' and token.disabled_at is null and client.disabled_at is null
         and (secret.expires_at is null or secret.expires_at > ?)`,
    )
    .all(now)
  const rename = made.prepare('update secret set digest = ? where digest = ?')
  const all = made.transaction(() =>
    secrets.map(({ digest, id }) => {
      const token = newSecret(id, randomBytes)
      rename.run(hash('sha256', token, 'base64url'), digest)
      return token
    }),
  )()
  made.exec('delete from token_use')
  made.pragma(`application_id = ${0x746f6b63}`)
  made.pragma(`user_version = ${migrations.length}`)
  made.pragma('journal_mode = WAL')
  made.close()
  return all
}

/** The program's own parts, which lie inside its bundle. */
export async function sources() {
  const { outputFiles } = await build({
    stdin: {
      contents: `
        export * from './src/core/token-format.ts'
        export * from './src/core/verifier.ts'
        export * from './src/store/store.ts'
        export * from './src/store/sqlite.ts'
        export * from './src/store/migrations/index.ts'
        export * from './test/support/many-clients.ts'
        export * from './test/support/list-filters.ts'`,
      resolveDir: ROOT,
      loader: 'ts',
    },
    bundle: true,
    format: 'cjs',
    platform: 'node',
    external: ['better-sqlite3'],
    write: false,
    logLevel: 'error',
  })
  const made = { exports: {} }
  new Function('require', 'module', outputFiles[0].text)(createRequire(import.meta.url), made)
  return made.exports
}

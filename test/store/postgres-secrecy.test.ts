import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { digestOf } from '../../src/core/token-format.ts'
import { PostgresServer } from '../support/postgres.ts'
import { type World, worldOn } from '../support/world.ts'

const PASSWORD = 'correct horse battery'
/** All that a server can be told to write down. */
const TALKATIVE = {
  log_statement: 'all',
  log_min_duration_statement: '0',
  log_min_messages: 'debug1',
  log_error_verbosity: 'verbose',
  log_parameter_max_length: '-1',
  log_parameter_max_length_on_error: '-1',
  track_activity_query_size: '1MB',
}

describe('a server that writes everything down', () => {
  let server: PostgresServer
  let world: World
  const secrets: string[] = []
  /** What its administrator sees of a connection while a secret is on its way. */
  let seen = ''
  beforeAll(async () => {
    server = await PostgresServer.start({ settings: TALKATIVE })
    world = await worldOn('PostgreSQL', server)
    world.stdin = `${PASSWORD}\n`
    await world.ok(...world.initLine)
    await world.ok('login', 'tester', '--password-stdin')
    secrets.push(
      readFileSync(join(world.sessionFolder, readdirSync(world.sessionFolder)[0] ?? ''), 'utf8').trim(),
    )
    world.stdout = {
      write: async (text) => {
        secrets.push(text.trim())
        seen += JSON.stringify(await server.query('postgres', 'select * from pg_stat_activity'))
      },
    }
    await world.run('client', 'create', 'BI', '--role', 'user')
    await world.run('token', 'regenerate', 'BI', '--overlap', '1h')
    world.stdout = {}
    for (const secret of secrets) await world.verify(secret)
    await world.ok('client', 'delete', 'BI', '--yes')
  })
  afterAll(() => {
    world.remove()
    return server.remove()
  })

  const traces = (secret: string): string[] => {
    const random = secret.slice(-49, -6)
    return [
      random,
      ...(['base64', 'hex'] as const).map((form) => Buffer.from(secret).toString(form).slice(30, -6)),
    ]
  }
  const found = (text: string): string[] =>
    secrets.filter((secret) => traces(secret).some((t) => text.includes(t)))

  test('has digests in its log: what is looked for would be found', () => {
    expect(secrets).toHaveLength(3)
    expect(secrets.filter((secret) => server.log.includes(digestOf(secret)))).toEqual(secrets)
  })

  test('has no secret in its log', () => {
    expect(found(server.log)).toEqual([])
  })

  test('shows none while it is on its way', () => {
    expect(seen).toContain('"application_name":"tokenctl"')
    expect(found(seen)).toEqual([])
  })

  test('has not seen the password of an operator, but what is kept of it', () => {
    expect(server.log).toContain('$2b$04$')
    expect(server.log).not.toContain(PASSWORD)
  })
})

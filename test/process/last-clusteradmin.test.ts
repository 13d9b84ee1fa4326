import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { actingToken } from '../support/acting-tokens.ts'
import { chainOf } from '../support/audit-chain.ts'
import { Racers } from '../support/racers.ts'
import { type EngineName, ENGINES, type World, worldOn } from '../support/world.ts'

const ROUNDS = 200

const WAYS: readonly ((name: string) => string[])[] = [
  (name) => ['operator', 'revoke', name, '--role', 'admin', '--scope', 'cluster'],
  (name) => ['operator', 'disable', name],
  (name) => ['operator', 'delete', name, '--yes'],
]

const WHO = ['alice', 'bob'] as const

/**
 * Two clusteradmins who can get in, and two who cannot: one is disabled, and one is known by nothing. The founder is gone.
 * In a file it makes no difference that one of the two is known by a uid and the other by a password.
 */
const beginning = (engine: EngineName): string[] => [
  ...[
    [101, 'alice', engine === 'SQLite' ? '5001' : 'null', engine === 'SQLite' ? 'null' : `'-'`, 'null'],
    [102, 'bob', 'null', `'-'`, 'null'],
    [103, 'stopped', '5003', `'-'`, '1'],
    [104, 'unknown', 'null', 'null', 'null'],
  ].map(
    ([id, name, uid, hash, disabled]) =>
      `insert into operator (id, name, name_key, uid, password_hash, created_at, disabled_at)
       values (${String(id)}, '${String(name)}', '${String(name)}', ${String(uid)}, ${String(hash)}, 0, ${String(disabled)})`,
  ),
  `insert into operator_grant select operator.id, role.id, 'cluster' from operator, role
   where operator.id > 100 and role.name in ('admin', 'user')`,
  `update operator set deleted_at = 1 where name = 'tester'`,
]

const ANEW = [
  'update operator set disabled_at = null, deleted_at = null where id in (101, 102)',
  `insert into operator_grant select operator.id, role.id, 'cluster' from operator, role
   where operator.id in (101, 102) and role.name = 'admin' on conflict do nothing`,
].join('; ')

describe.each(ENGINES)('the last clusteradmins, on %s', (engine) => {
  let world: World
  let racers: Racers
  beforeEach(async () => {
    world = await worldOn(engine)
    await world.makeStore()
    const TOKENCTL_TOKEN = await actingToken(world, 'R', 'admin')
    for (const statement of beginning(engine)) await world.sql(statement)
    racers = new Racers(2, { ...world.racerEnvironment, TOKENCTL_TOKEN })
    await racers.warm()
  })
  afterEach(async () => {
    racers.end()
    await world.end()
  })

  /** Those of the two who are still what they were. */
  async function left(): Promise<string[]> {
    const { operator = [], operator_grant: grants = [], role = [] } = await world.contents()
    const admin = (role as { id: number; name: string }[]).find(({ name }) => name === 'admin')?.id
    const holders = (grants as { operator_id: number; role_id: number }[])
      .filter(({ role_id }) => role_id === admin)
      .map(({ operator_id }) => operator_id)
    return (operator as { id: number; name: string; disabled_at: unknown; deleted_at: unknown }[])
      .filter(({ disabled_at, deleted_at }) => disabled_at === null && deleted_at === null)
      .filter(({ id, name }) => holders.includes(id) && (WHO as readonly string[]).includes(name))
      .map(({ name }) => name)
  }

  test(`of two who are demoted, disabled or deleted at once one remains, ${ROUNDS} times`, async () => {
    const remained: string[] = []
    for (let round = 0; round < ROUNDS; round++) {
      const ways = [WAYS[round % 3], WAYS[Math.floor(round / 3) % 3]]
      const ended = await racers.together(ways.map((way, i) => way?.(WHO[i] ?? '') ?? []))
      const [refused, ...others] = ended.flatMap(({ code }, i) => (code === 0 ? [] : [i]))
      expect(others).toEqual([])
      const name = WHO[refused ?? -1] ?? ''
      expect(ended[refused ?? -1]).toEqual({
        code: 4,
        stdout: '',
        stderr: `tokenctl: ${name} is the last clusteradmin who can get in\nhint: tokenctl operator grant with --role admin --scope cluster makes another\n`,
      })
      expect(await left()).toEqual([name])
      remained.push(name)
      await world.sql(ANEW)
    }
    expect(remained).toHaveLength(ROUNDS)
    expect(await chainOf(world)).toMatchObject({ isWhole: true })
  })
})

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { chainOf } from '../support/audit-chain.ts'
import { Racers } from '../support/racers.ts'
import type { StoreContents } from '../support/store-contents.ts'
import { type Ended, ENGINES, type World, worldOn } from '../support/world.ts'

/** `npm run test:races` has more. */
const ROUNDS = Number(process.env.ROUNDS ?? 50)

/** What no race may ever show. */
const RAW = /locked|busy|constraint|duplicate|SQLITE|deadlock|unexpected/i

const codes = (ended: readonly Ended[]): number[] => ended.map(({ code }) => code).sort((a, b) => a - b)
const secrets = (ended: readonly Ended[]): string[] =>
  ended.map(({ stdout }) => stdout.trim()).filter((secret) => secret !== '')
const repeated = <T>(count: number, what: T): T[] => Array.from({ length: count }, () => what)

interface SecretRow {
  readonly state: string
  readonly activated_at: number | null
  readonly dead_at: number | null
}

/** Those that ever were in force, the first one first. */
const secretsOf = ({ secret = [] }: StoreContents): SecretRow[] =>
  (secret as SecretRow[])
    .filter(({ activated_at }) => activated_at !== null)
    .sort((a, b) => (a.activated_at ?? 0) - (b.activated_at ?? 0))

const times = (rows: readonly SecretRow[], column: 'activated_at' | 'dead_at'): (number | null)[] =>
  rows.map((row) => row[column]).sort((a, b) => (a ?? 0) - (b ?? 0))

/** As many as any race has: they run each of them, at one store after the other. */
let racers: Racers
beforeAll(() => {
  racers = new Racers(50, { PATH: process.env.PATH ?? '' })
})
afterAll(() => racers.end())

describe.each(ENGINES)('many at once, on %s', (engine) => {
  let world: World
  beforeEach(async () => {
    world = await worldOn(engine)
    racers.moveTo(world.racerEnvironment)
  })
  afterEach(() => world.end())

  /** From separate processes, which wait for one another before they begin. */
  const race = (count: number): Promise<void> => racers.warm(['token', 'verify'], count)

  async function together(...lines: readonly (readonly string[])[]): Promise<Ended[]> {
    const ended = await racers.together(lines, 'correct horse battery\n')
    expect(ended.map(({ stderr }) => stderr).filter((text) => RAW.test(text))).toEqual([])
    return ended
  }

  test('of fifty who want one name, one gets it', async () => {
    await race(50)
    await world.makeStore()
    const ended = await together(...repeated(50, ['client', 'create', 'BI', '--role', 'user']))
    expect(codes(ended)).toEqual([0, ...repeated(49, 4)])
    expect(secrets(ended)).toHaveLength(1)
    expect(await world.verify(secrets(ended)[0] ?? '')).toBe(0)
    expect(await chainOf(world)).toMatchObject({ isWhole: true })
  })

  test('of thirty who regenerate one token each gets a secret or a conflict, and the last that was activated works', async () => {
    await race(30)
    await world.makeStore()
    const first = await world.ok('client', 'create', 'BI', '--role', 'user')
    const ended = await together(...repeated(30, ['token', 'regenerate', 'BI', '--yes']))
    expect(ended.filter(({ code }) => code !== 0 && code !== 4)).toEqual([])
    expect(await world.verify(first)).toBe(11)

    const { entries, isWhole } = await chainOf(world)
    expect(isWhole).toBe(true)
    const delivered = entries.filter(
      ({ action, outcome }) => action === 'token regenerate' && outcome === 'delivered',
    )
    expect(delivered).toHaveLength(codes(ended).filter((code) => code === 0).length)
    // One by one: each secret but the last died at the very moment at which another became the current one.
    const [, ...made] = secretsOf(await world.contents())
    const dead = secretsOf(await world.contents()).filter(({ state }) => state === 'dead')
    expect(dead).toHaveLength(made.length)
    expect(times(dead, 'dead_at')).toEqual(times(made, 'activated_at'))
    const verdicts = []
    for (const secret of secrets(ended)) verdicts.push(await world.verify(secret))
    expect(verdicts.filter((code) => code === 0)).toHaveLength(1)
  })

  test(`of a token that is disabled while it is regenerated no secret is good, ${ROUNDS} times`, async () => {
    await race(2)
    await world.makeStore()
    const known = [await world.ok('client', 'create', 'BI', '--role', 'user')]
    let regenerated = 0
    for (let round = 0; round < ROUNDS; round++) {
      const ended = await together(['token', 'regenerate', 'BI', '--yes'], ['token', 'disable', 'BI'])
      expect(ended[1]?.code).toBe(0)
      expect([0, 4]).toContain(ended[0]?.code)
      if (ended[0]?.code === 0) regenerated++
      known.push(...secrets(ended.slice(0, 1)))
      for (const secret of known.slice(-2)) expect(await world.verify(secret)).not.toBe(0)
      await world.ok('token', 'enable', 'BI')
      expect(await world.verify(known.at(-1) ?? '')).toBe(0)
    }
    expect(regenerated).toBe(ROUNDS)
    expect(await chainOf(world)).toMatchObject({ isWhole: true })
  })

  test(`of a token that is deleted while it is regenerated no secret is good, ${ROUNDS} times`, async () => {
    await race(2)
    await world.makeStore()
    for (let round = 0; round < ROUNDS; round++) {
      const first = await world.ok('client', 'create', `c${round}`, '--role', 'user')
      const ended = await together(
        ['token', 'regenerate', `c${round}`, '--yes'],
        ['token', 'delete', first.slice(0, 16), '--yes'],
      )
      expect(ended[1]?.code).toBe(0)
      // 3: it was gone before; 4: it went away meanwhile, and what was given out is void.
      expect([0, 3, 4]).toContain(ended[0]?.code)
      for (const secret of [first, ...secrets(ended.slice(0, 1))]) {
        expect(await world.verify(secret)).toBe(11)
      }
    }
    expect(await chainOf(world)).toMatchObject({ isWhole: true })
  })

  test('of four first uses of a new secret one ends the former one, and all are answered', async () => {
    await race(4)
    // An overlap is told from one that has passed: by one clock.
    world.now = Date.now()
    await world.makeStore()
    let earlier = await world.ok('client', 'create', 'BI', '--role', 'user')
    const rotate = ['token', 'regenerate', 'BI', '--overlap', '1h', '--until-used', '--force']
    for (let round = 1; round <= 5; round++) {
      const secret = await world.ok(...rotate)
      const ended = await racers.together(repeated(4, ['token', 'verify']), secret)
      expect(codes(ended)).toEqual(repeated(4, 0))
      expect(await world.verify(earlier)).toBe(11)
      earlier = secret
      const { audit = [] } = await world.contents()
      const ends = audit.filter((entry) => JSON.stringify(entry).includes('endedOverlap'))
      expect(ends).toHaveLength(round)
    }
  })

  test(`a role that is deleted while a client is given it is in use, or gone, ${ROUNDS} times`, async () => {
    await race(3)
    await world.makeStore()
    await world.ok('client', 'create', 'other', '--role', 'user')
    for (let round = 0; round < ROUNDS; round++) {
      const role = `r${round}`
      await world.ok('role', 'create', role, '--allow', 'select:a')
      const [created, updated, deleted] = await together(
        ['client', 'create', `c${round}`, '--role', role],
        ['client', 'update', 'other', '--role', role],
        ['role', 'delete', role],
      )
      const isGone = deleted?.code === 0
      expect([created?.code, updated?.code, deleted?.code]).toEqual(isGone ? [3, 3, 0] : [0, 0, 4])
    }
  })

  test(`no client is in an organization that is deleted while it is made, ${ROUNDS} times`, async () => {
    await race(2)
    await world.makeStore()
    for (let round = 0; round < ROUNDS; round++) {
      const org = `o${round}`
      await world.ok('org', 'create', org)
      const [created, deleted] = await together(
        ['client', 'create', 'BI', '--role', 'user', '--scope', org],
        ['org', 'delete', org],
      )
      const isGone = deleted?.code === 0
      expect([created?.code, deleted?.code]).toEqual(isGone ? [3, 0] : [0, 4])
      const { client = [], scope = [] } = await world.contents()
      expect(client.filter((row) => (row as { scope: string }).scope === org)).toHaveLength(isGone ? 0 : 1)
      expect(scope.at(-1)).toMatchObject({ name: org })
      expect((scope.at(-1) as { deleted_at: unknown }).deleted_at !== null).toBe(isGone)
    }
    expect(await chainOf(world)).toMatchObject({ isWhole: true })
  })

  test('of six first runs at once one makes the store, and all of them find it', async () => {
    await racers.warm(['--help'], 6)
    const made = await together(...repeated(6, world.initLine))
    expect(codes(made)).toEqual([0, 4, 4, 4, 4, 4])
    await world.logIn()
    const created = await together(
      ...['a', 'b', 'c', 'd', 'e', 'f'].map((name) => ['client', 'create', name, '--role', 'user']),
    )
    expect(codes(created)).toEqual([0, 0, 0, 0, 0, 0])
    for (const secret of secrets(created)) expect(await world.verify(secret)).toBe(0)
  })
})

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { chainOf } from '../support/audit-chain.ts'
import { type World, worldOn } from '../support/world.ts'

const DAY = 86_400_000
const YEAR = 365 * DAY

/** `world.now` is what the database believes; each machine that reaches it may believe something else. */
let world: World
let noon = 0
beforeEach(async () => {
  world = await worldOn('PostgreSQL')
  noon = world.now
  await world.makeStore()
})
afterEach(() => world.end())

function onMachineAt(time: number): void {
  world.changes = { now: () => time }
}

const at = (time: number): string => new Date(time).toISOString()

test('a date that has passed by the database’s clock is refused, and the earlier secret stays', async () => {
  const token = await world.ok('client', 'create', 'BI', '--role', 'user')
  onMachineAt(noon - 2 * DAY)
  const { code, stderr } = await world.run(
    ...['token', 'regenerate', 'BI', '--yes', '--expires', at(noon - DAY / 2)],
  )
  expect(code).toBe(2)
  expect(stderr).toContain('out of range: --expires')
  expect(await world.verify(token)).toBe(0)
})

describe.each([
  ['a year ago', -YEAR],
  ['in ten years', 10 * YEAR],
])('on a machine that believes that it is %s', (_, apart) => {
  beforeEach(() => onMachineAt(noon + apart))

  test('a token is good until the database believes that it has expired', async () => {
    const token = await world.ok('client', 'create', 'BI', '--role', 'user', '--expires', '30d')
    world.now = noon + 30 * DAY - 1
    expect(await world.verify(token)).toBe(0)
    world.now += 1
    expect(await world.verify(token)).toBe(12)
  })

  test('an overlap lasts as long as the database says', async () => {
    const first = await world.ok('client', 'create', 'BI', '--role', 'user')
    await world.ok('token', 'regenerate', 'BI', '--overlap', '24h')
    world.now = noon + DAY - 1
    expect(await world.verify(first)).toBe(0)
    world.now += 1
    expect(await world.verify(first)).toBe(11)
  })

  test('times are recorded by the database’s clock', async () => {
    world.now += 1000
    const token = await world.ok('client', 'create', 'BI', '--role', 'user', '--expires', '30d')
    world.now += 1000
    await world.verify(token)
    world.now += 1000
    await world.ok('token', 'disable', 'BI')
    expect(await world.json('token', 'show', 'BI')).toMatchObject({
      createdAt: at(noon + 1000),
      deliveredAt: at(noon + 1000),
      expiresAt: at(noon + 1000 + 30 * DAY),
      lastUsedAt: at(noon + 2000),
    })
    const { entries } = await chainOf(world)
    expect(entries.slice(1).map((entry) => entry.at - noon)).toEqual([1000, 1000, 3000])
  })

  test('what was left behind by a crash is old when the database says so', async () => {
    await world.ok('client', 'create', 'BI', '--role', 'user')
    await world.sql(`insert into tokenctl.secret (digest, token_id, state, made_at, made_by)
      select 'x', id, 'pending', ${noon}, 'tester' from tokenctl.token`)
    world.now = noon + 59_000
    expect(await world.run('token', 'regenerate', 'BI', '--yes')).toMatchObject({ code: 4 })
    world.now = noon + 60_000
    expect(await world.run('token', 'regenerate', 'BI', '--yes')).toMatchObject({ code: 0 })
  })
})

test('machines that disagree about the time agree about a token', async () => {
  onMachineAt(noon + 10 * YEAR)
  const token = await world.ok('client', 'create', 'BI', '--role', 'user', '--expires', '1m')
  for (const believed of [noon - YEAR, noon, noon + 10 * YEAR]) {
    onMachineAt(believed)
    world.now = noon + 59_999
    expect(await world.verify(token)).toBe(0)
    world.now = noon + 60_000
    expect(await world.verify(token)).toBe(12)
  }
})

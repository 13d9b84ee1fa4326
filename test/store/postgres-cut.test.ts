import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { chainOf } from '../support/audit-chain.ts'
import { type Cut, CuttingProxy } from '../support/cutting-proxy.ts'
import { PATIENCE } from '../support/process.ts'
import { type Ended, type World, worldOn } from '../support/world.ts'

const PASSWORD = 'hunter2-hunter2'
const CUTS: readonly Cut[] = ['before it arrives', 'before it is answered']

/** One line of cause, perhaps one of hint, and nothing that nobody should see. */
const CLEAR = /^(client [^\n]+\n)?tokenctl: [^\n]+\n(hint: [^\n]+\n)?$/
const RAW = /unexpected|terminated|undefined|ECONN|constraint/

jest.setTimeout(PATIENCE * 2)

let world: World
let proxy: CuttingProxy
/** Around the proxy. */
let direct = ''
beforeAll(async () => {
  world = await worldOn('PostgreSQL')
  await world.found()
  direct = world.environment.TOKENCTL_STORE ?? ''
  const through = new URL(direct)
  proxy = await CuttingProxy.to(Number(through.port))
  through.port = String(proxy.port)
  through.password = PASSWORD
  world.environment.TOKENCTL_STORE = through.href
})
afterAll(async () => {
  proxy.close()
  await world.remove()
})

/** The line is cut at each request in turn, for good or for a moment, until there are no more. */
async function cutEverywhere(
  staysDown: boolean,
  prepare: (name: string) => Promise<unknown>,
  line: (name: string) => string[],
  look: (name: string, ended: Ended, secret: string) => Promise<void>,
): Promise<void> {
  for (const cut of CUTS) {
    for (let request = 1, reached = true; reached; request++) {
      const name = `x${request}-${cut.length}-${staysDown}-${line('').join('')}`
      proxy.heal()
      await prepare(name)
      proxy.cutAt(request, cut, staysDown)
      const ended = await world.run(...line(name))
      reached = proxy.requests >= request
      proxy.heal()
      expect(`${ended.stdout}${ended.stderr}`).not.toContain(PASSWORD)
      if (ended.code !== 0) {
        expect(ended.stderr).toMatch(CLEAR)
        expect(ended.stderr).not.toMatch(RAW)
      }
      await look(name, ended, ended.stdout.trim())
    }
  }
}

const created = (name: string): Promise<string> => world.ok('client', 'create', name, '--role', 'user')
const nothing = async (): Promise<void> => {}

describe.each([
  ['for good', true],
  ['for a moment', false],
])('the line to the database is cut, %s', (_, staysDown) => {
  test('at each request of client create: the secret that is kept is good, and the name is not lost', async () => {
    await cutEverywhere(
      staysDown,
      nothing,
      (name) => ['client', 'create', name, '--role', 'user'],
      async (name, { code }, secret) => {
        expect([0, 8, 21]).toContain(code)
        // 21: outcome unknown, and whoever holds it finds it good; 0: it is good.
        if (secret !== '') expect(await world.verify(secret)).toBe(0)
        else {
          world.now += 61_000
          expect(await world.verify(await created(name))).toBe(0)
        }
      },
    )
  })

  test('at each request of token regenerate: the earlier secret is good until the new one is', async () => {
    const first = new Map<string, string>()
    await cutEverywhere(
      staysDown,
      async (name) => first.set(name, await created(name)),
      (name) => ['token', 'regenerate', name, '--yes'],
      async (name, { code }, secret) => {
        const before = await world.verify(first.get(name) ?? '')
        if (code === 0) expect(before).toBe(11)
        else expect([8, 21]).toContain(code)
        // Cut as the activation was committed: it may hold.
        if (code === 8) expect([before, secret]).toEqual([0, ''])
        if (code === 21) expect(await world.verify(secret)).toBe(0)
      },
    )
  })

  test.each([
    ['client disable', (name: string) => ['client', 'disable', name]],
    ['client delete', (name: string) => ['client', 'delete', name, '--yes', '--force']],
    ['jobs set-connection', (name: string) => ['jobs', 'set-connection', name, '--force']],
    ['token list', () => ['token', 'list']],
  ])('at each request of %s: it is done, or it is not, and the audit says which', async (_, line) => {
    await cutEverywhere(staysDown, created, line, async (name, { code, stderr }) => {
      expect([0, 8]).toContain(code)
      if (code === 8 && !stderr.includes('look whether it was made')) {
        // Nothing happened, so it can be done now.
        expect(await world.run(...line(name))).toMatchObject({ code: 0 })
      }
    })
    expect(await chainOf(world)).toMatchObject({ isWhole: true })
  })

  test('at each request of token verify: a verdict, or none', async () => {
    const tokens = new Map<string, string>()
    await cutEverywhere(
      staysDown,
      async (name) => {
        const token = await created(name)
        tokens.set(name, token)
        world.stdin = `${token}\n`
      },
      () => ['token', 'verify'],
      async (name, { code }) => {
        expect([0, 8]).toContain(code)
        expect(await world.verify(tokens.get(name) ?? '')).toBe(0)
      },
    )
  })
})

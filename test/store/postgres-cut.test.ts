import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { chainOf } from '../support/audit-chain.ts'
import { type Cut, CuttingProxy } from '../support/cutting-proxy.ts'
import { type Ended, type World, worldOn } from '../support/world.ts'

const PASSWORD = 'hunter2-hunter2'
const CUTS: readonly Cut[] = ['before it arrives', 'before it is answered']

/** Perhaps the remark on a client; one line of cause, perhaps one of hint. */
const CLEAR = /^(client [^\n]+\n)?tokenctl: [^\n]+\n(hint: [^\n]+\n)?$/
const RAW = /unexpected|terminated|undefined|ECONN|constraint/

let world: World
let proxy: CuttingProxy
beforeAll(async () => {
  world = await worldOn('PostgreSQL')
  await world.makeStore()
  const through = new URL(world.storePath)
  proxy = await CuttingProxy.to(Number(through.port))
  through.port = String(proxy.port)
  through.password = PASSWORD
  world.environment.TOKENCTL_STORE = through.href
})
afterAll(async () => {
  proxy.close()
  await world.end()
})

interface Tried extends Ended {
  readonly name: string
  readonly secret: string
}

interface Trial {
  readonly prepare?: (name: string) => Promise<unknown>
  readonly line: (name: string) => string[]
  /** Whether what was promised is so. */
  readonly isKept: (tried: Tried) => Promise<boolean>
}

/** Cuts the line at each request in turn, until there are no more. @returns what was promised and is not so */
async function brokenPromises(staysDown: boolean, { prepare, line, isKept }: Trial): Promise<Ended[]> {
  const broken: Ended[] = []
  for (const cut of CUTS) {
    for (let request = 1, reached = true; reached; request++) {
      const name = `x${request}-${cut.length}-${staysDown}-${line('').join('')}`
      proxy.heal()
      await prepare?.(name)
      proxy.cutAt(request, cut, staysDown)
      const ended = await world.run(...line(name))
      reached = proxy.requests >= request
      proxy.heal()
      const tried = { ...ended, name, secret: ended.stdout.trim() }
      if (!isClear(ended) || !(await isKept(tried))) broken.push(tried)
    }
  }
  return broken
}

function isClear({ code, stdout, stderr }: Ended): boolean {
  if (`${stdout}${stderr}`.includes(PASSWORD)) return false
  return code === 0 || (CLEAR.test(stderr) && !RAW.test(stderr))
}

const create = (name: string): Promise<string> => world.ok('client', 'create', name, '--role', 'user')
const isGood = async (secret: string): Promise<boolean> => (await world.verify(secret)) === 0

describe.each([
  ['for good', true],
  ['for a moment', false],
])('the line to the database is cut, %s', (_, staysDown) => {
  test('at each request of client create: a secret that was given out is good, and the name is not lost', async () => {
    const broken = await brokenPromises(staysDown, {
      line: (name) => ['client', 'create', name, '--role', 'user'],
      async isKept({ name, code, secret }) {
        if (secret !== '') return (code === 0 || code === 21) && isGood(secret)
        world.now += 61_000
        return code === 8 && isGood(await create(name))
      },
    })
    expect(broken).toEqual([])
  })

  test('at each request of token regenerate: the earlier secret is good until the new one is', async () => {
    const earlier = new Map<string, string>()
    const broken = await brokenPromises(staysDown, {
      prepare: async (name) => earlier.set(name, await create(name)),
      line: (name) => ['token', 'regenerate', name, '--yes'],
      async isKept({ name, code, secret }) {
        const earlierIsGood = await isGood(earlier.get(name) ?? '')
        if (secret === '') return code === 8 && earlierIsGood
        if (code === 0) return !earlierIsGood && isGood(secret)
        return code === 21 && isGood(secret)
      },
    })
    expect(broken).toEqual([])
  })

  test.each([
    ['client disable', (name: string) => ['client', 'disable', name]],
    ['client delete', (name: string) => ['client', 'delete', name, '--yes', '--force']],
    ['jobs set-connection', (name: string) => ['jobs', 'set-connection', name, '--force']],
    ['token list', () => ['token', 'list']],
  ])('at each request of %s: it is done, or it is not and can be done now', async (_, line) => {
    const broken = await brokenPromises(staysDown, {
      prepare: create,
      line,
      async isKept({ name, code, stderr }) {
        if (code === 0 || stderr.includes('check whether it was made')) return true
        return code === 8 && (await world.run(...line(name))).code === 0
      },
    })
    expect(broken).toEqual([])
    expect(await chainOf(world)).toMatchObject({ isWhole: true })
  })

  test('at each request of token verify: a verdict, or none', async () => {
    const tokens = new Map<string, string>()
    const broken = await brokenPromises(staysDown, {
      async prepare(name) {
        tokens.set(name, await create(name))
        world.stdin = `${tokens.get(name)}\n`
      },
      line: () => ['token', 'verify'],
      isKept: async ({ name, code }) => (code === 0 || code === 8) && isGood(tokens.get(name) ?? ''),
    })
    expect(broken).toEqual([])
  })
})

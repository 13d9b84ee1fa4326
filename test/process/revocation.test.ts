import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { REVOCATION_BOUND } from '../../src/core/store.ts'
import { newSecret, newTokenId } from '../../src/core/token-format.ts'
import { Askers } from '../support/askers.ts'
import { clientsToRevoke, REVOCATIONS, toldTooLate, WANTED } from '../support/revocations.ts'
import { VerificationServer } from '../support/verification-server.ts'
import { ENGINES, type World, worldOn } from '../support/world.ts'

/** `npm run test:load` has more. */
const ROUNDS = Number(process.env.ROUNDS ?? 1)
const STRANGERS = Number(process.env.HTTP_STRANGERS ?? 1_000)

describe.each(ENGINES)('servers under load, on %s', (engine) => {
  let world: World
  const servers: VerificationServer[] = []
  const asking: Askers[] = []
  beforeEach(async () => {
    world = await worldOn(engine)
    world.now = Date.now()
    await world.makeStore()
  })
  afterEach(async () => {
    for (const askers of asking.splice(0)) await askers.end()
    for (const server of servers.splice(0)) await server.end('SIGKILL')
    await world.end()
  })

  async function started(): Promise<VerificationServer> {
    const server = await VerificationServer.start(world.racerEnvironment)
    servers.push(server)
    return server
  }

  function askersOf(things: readonly string[], ask: (about: string) => Promise<string>): Askers {
    const askers = new Askers(things, ask)
    asking.push(askers)
    return askers
  }

  test('two of them hear in time of whatever stops a token, and of what takes it back', async () => {
    const tokens = await clientsToRevoke((...line) => world.ok(...line))
    const both = await Promise.all([started(), started()])
    const askers = both.map((server) =>
      askersOf([...tokens.keys()], (name) => told(server, name, tokens.get(name) ?? '')),
    )
    const bound = engine === 'SQLite' ? 0 : REVOCATION_BOUND
    expect(await toldTooLate(askers, (...line) => world.ok(...line), bound)).toEqual([])
  })

  /** Over HTTP the reasons why a token is not valid are one. */
  async function told(server: VerificationServer, name: string, token: string): Promise<string> {
    const said = await server.answer(token, `?permission=${WANTED}`)
    const { reason = '' } = REVOCATIONS.find((revocation) => revocation.name === name) ?? {}
    if (said === 'insufficient_scope') return 'forbidden'
    return said === 'invalid_token' ? (reason === 'forbidden' ? 'disabled' : reason) : said
  }

  const usesWritten = async (): Promise<number> =>
    ((await world.contents()).token_use_day ?? []).reduce<number>(
      (sum, day) => sum + (day as { uses: number }).uses,
      0,
    )

  /** Asks for each of a few tokens, and counts who was told "valid". */
  async function counted(
    server: VerificationServer,
    names: readonly string[],
    tokens: ReadonlyMap<string, string>,
  ) {
    const count = { valid: 0 }
    const askers = askersOf(names, async (name) => {
      const said = await server.answer(tokens.get(name) ?? '')
      if (said === 'valid') count.valid++
      return said
    })
    for (const name of names) await askers.hear('valid', name)
    return { askers, count }
  }

  test('one that is killed loses one batch of uses at most, and the next one goes on', async () => {
    const tokens = await clientsToRevoke((...line) => world.ok(...line))
    const names = [...tokens.keys()]
    for (let round = 0; round < ROUNDS; round++) {
      const before = await usesWritten()
      const server = await started()
      const { askers, count } = await counted(server, names, tokens)
      /** Answers had when it was last seen that a batch was not written yet, of the one before the last. */
      let sure = 0
      for (let seen = before, batches = 0, had = 0; batches < 2;) {
        await sleep(20)
        const valid = count.valid
        const written = await usesWritten()
        if (written > seen) {
          batches++
          sure = had
          had = valid
        } else if (batches === 0) had = valid
        seen = written
      }
      await server.end('SIGKILL')
      await askers.end()
      const written = (await usesWritten()) - before
      expect(written).toBeGreaterThanOrEqual(sure)
      expect(written).toBeGreaterThan(0)
      // What was answered last may not have arrived.
      expect(written).toBeLessThanOrEqual(count.valid + names.length)
    }
    await counted(await started(), names, tokens)
  })

  test('one that is stopped loses none', async () => {
    const tokens = await clientsToRevoke((...line) => world.ok(...line))
    const server = await started()
    const { askers, count } = await counted(server, [...tokens.keys()], tokens)
    expect(await server.end('SIGTERM')).toBe(0)
    await askers.end()
    expect(await usesWritten()).toBe(count.valid)
  })

  test('strangers take no memory, and harm nobody', async () => {
    const tokens = await clientsToRevoke((...line) => world.ok(...line))
    const server = await started()
    const { askers } = await counted(server, ['off'], tokens)
    const began = performance.now()
    let first = 0
    for (let asked = 0; asked < STRANGERS; asked += 16) {
      const strange = Array.from({ length: 16 }, () => newSecret(newTokenId('tkc', randomBytes), randomBytes))
      const said = await Promise.all(strange.map((token) => server.answer(token)))
      expect(new Set(said)).toEqual(new Set(['invalid_token']))
      if (asked < STRANGERS / 2) first = server.memory
    }
    expect(askers.answers('off', began)).toEqual(['valid'])
    // Kilobytes: what would be remembered of each is seen only where there are very many.
    expect(server.memory - first).toBeLessThan(48 * 1024)
  })
})

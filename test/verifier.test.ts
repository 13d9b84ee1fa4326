import { randomBytes } from 'node:crypto'
import { copyFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import Database from 'better-sqlite3'
import { WRITE } from '../src/core/change.ts'
import { isProblem } from '../src/core/problem.ts'
import { REVOCATION_BOUND, type Store, type Watch } from '../src/core/store.ts'
import { newSecret, newTokenId } from '../src/core/token-format.ts'
import type { Wanted } from '../src/core/verdict.ts'
import { Verifier } from '../src/core/verifier.ts'
import { actingToken } from './support/acting-tokens.ts'
import { Askers } from './support/askers.ts'
import { CuttingProxy } from './support/cutting-proxy.ts'
import { PostgresServer, sharedServer } from './support/postgres.ts'
import { until } from './support/process.ts'
import { clientsToRevoke, toldTooLate, WANTED } from './support/revocations.ts'
import { connectedTo } from './support/store-contents.ts'
import { ENGINES, type EngineName, type World, worldOn } from './support/world.ts'

/** `npm run test:load` has a million. */
const STRANGERS = Number(process.env.STRANGERS ?? 10_000)
const MEGABYTE = 2 ** 20

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** What is still needed. */
function heapUsed(): number {
  collectGarbage()
  return process.memoryUsage().heapUsed
}

const OS_USER = { uid: 0, name: 'tester' }
const DAY = 86_400_000

/** How late a change may count. */
const boundOf = (engine: EngineName): number => (engine === 'SQLite' ? 0 : REVOCATION_BOUND)

const stranger = (): string => newSecret(newTokenId('tkc', randomBytes), randomBytes)

/** The answer in a word; nobody is ever told anything else. */
async function answer(verifier: Verifier, token: string, wanted: Wanted = {}): Promise<string> {
  try {
    const verdict = await verifier.verify(token, wanted)
    return verdict.valid ? 'valid' : verdict.reason
  } catch (error) {
    if (isProblem(error) && error.kind === 'unavailable') return 'unavailable'
    throw error
  }
}

/** What waits until it is opened. */
class Gate {
  isReached = false
  open: () => void = () => {}
  readonly #opened = new Promise<void>((resolve) => (this.open = resolve))

  async pass(): Promise<void> {
    this.isReached = true
    await this.#opened
  }
}

let world: World
const verifiers: Verifier[] = []
const asking: Askers[] = []

function askersOf(things: readonly string[], ask: (about: string) => Promise<string>): Askers {
  const askers = new Askers(things, ask)
  asking.push(askers)
  return askers
}

async function started(store?: Store): Promise<Verifier> {
  const verifier = await Verifier.on(store ?? (await world.open()), OS_USER)
  verifiers.push(verifier)
  return verifier
}

/** One whose watch can be asked as well. */
async function startedWith(change: (watch: Watch) => Partial<Watch>, over: Partial<Store> = {}) {
  const store = await world.open()
  const watch = await store.watch()
  const verifier = await started({ ...store, watch: async () => ({ ...watch, ...change(watch) }), ...over })
  return { verifier, watch, store }
}

/** Asks again until that is the answer. */
async function hears(said: string, verifier: Verifier, token: string): Promise<void> {
  const askers = askersOf([token], () => answer(verifier, token))
  await askers.hear(said, token)
}

const seesChange = (watch: Watch, before: number): Promise<void> => until(() => watch.generation() !== before)

afterEach(async () => {
  for (const askers of asking.splice(0)) await askers.end()
  for (const verifier of verifiers.splice(0)) await verifier.close()
})

describe.each(ENGINES)('on %s', (engine) => {
  let clients = 0
  let name = ''
  let token = ''
  beforeAll(async () => {
    world = await worldOn(engine)
    await world.makeStore()
  })
  afterAll(() => world.end())
  beforeEach(async () => {
    name = `client-${++clients}`
    token = await world.ok('client', 'create', name, '--role', 'user')
  })

  const tokenId = (): string => token.slice(0, -49)
  const today = (): number => Math.floor(world.now / DAY)

  async function usesOf(): Promise<number | undefined> {
    const store = await world.open()
    const [day] = await store.usesByDay(tokenId(), today())
    await store.close()
    return day?.uses
  }

  test('whatever stops a token counts for whoever asks afterwards, and so does what takes it back', async () => {
    const tokens = await clientsToRevoke((...line) => world.ok(...line))
    const verifier = await started()
    const askers = askersOf([...tokens.keys()], (name) =>
      answer(verifier, tokens.get(name) ?? '', { permission: WANTED }),
    )
    expect(await toldTooLate([askers], (...line) => world.ok(...line), boundOf(engine))).toEqual([])
  })

  test('what was read before a change and comes after it is neither answered nor remembered', async () => {
    const gate = new Gate()
    const { verifier, watch } = await startedWith((watch) => ({
      async credential(digest) {
        const credential = await watch.credential(digest)
        await gate.pass()
        return credential
      },
    }))
    const before = watch.generation()
    const asked = answer(verifier, token)
    await until(() => gate.isReached)
    await world.ok('client', 'disable', name)
    await seesChange(watch, before)
    gate.open()
    expect(await asked).toBe('disabled')
    expect(await answer(verifier, token)).toBe('disabled')
  })

  test('a first use that takes until after a change is judged by what is then', async () => {
    const gate = new Gate()
    const opened = await world.open()
    const over: Pick<Store, typeof WRITE> = {
      async [WRITE](work) {
        const result = await opened[WRITE](work)
        await gate.pass()
        return result
      },
    }
    const { verifier, watch } = await startedWith(() => ({}), over)
    await whilePending(async (secret) => {
      const asked = answer(verifier, secret)
      await until(() => gate.isReached)
      const before = watch.generation()
      await world.ok('client', 'disable', name)
      await seesChange(watch, before)
      gate.open()
      expect(await asked).toBe('disabled')
    })
    await opened.close()
  })

  /** A secret that its holder has, and whose command does not know that yet. */
  async function whilePending(work: (secret: string) => Promise<void>, ...options: string[]): Promise<void> {
    let failure: Error | undefined
    world.stdout = {
      async write(text) {
        world.stdout = {}
        // What it throws would be taken for a broken pipe.
        await work(text.trim()).catch((thrown: unknown) => {
          failure = thrown as Error
        })
      },
    }
    await world.run('token', 'regenerate', name, '--yes', ...options)
    if (failure !== undefined) throw failure
  }

  test('a first use by two servers at once is one activation, and ends the former secret for both', async () => {
    const both = [await started(), await started()]
    await whilePending(async (secret) => {
      for (const verifier of both) expect(await answer(verifier, token)).toBe('valid')
      const entries = async (): Promise<unknown[]> => (await world.contents()).audit ?? []
      const before = (await entries()).length
      const first = await Promise.all([...both, ...both].map((verifier) => answer(verifier, secret)))
      const returned = performance.now()
      expect(first).toEqual(['valid', 'valid', 'valid', 'valid'])
      expect((await entries()).slice(before)).toMatchObject([
        { action: 'token verify', outcome: 'delivered' },
      ])
      for (const verifier of both) await expectRefusedSince(returned, verifier, token, 'replaced')
    })
  })

  test('so does the first use of one that is to end an overlap', async () => {
    const secret = await world.ok('token', 'regenerate', name, '--yes', '--overlap', '1h')
    await world.sql("update secret set until_used = 1 where state = 'current'")
    const both = [await started(), await started()]
    for (const verifier of both) expect(await answer(verifier, token)).toBe('valid')
    const before = (await world.contents()).audit?.length
    const first = await Promise.all([...both, ...both].map((verifier) => answer(verifier, secret)))
    const returned = performance.now()
    expect(first).toEqual(['valid', 'valid', 'valid', 'valid'])
    expect((await world.contents()).audit?.slice(before)).toMatchObject([
      { action: 'token verify', outcome: 'done' },
    ])
    for (const verifier of both) await expectRefusedSince(returned, verifier, token, 'replaced')
  })

  async function expectRefusedSince(
    returned: number,
    verifier: Verifier,
    secret: string,
    reason: string,
  ): Promise<void> {
    for (;;) {
      const asked = performance.now()
      const said = await answer(verifier, secret)
      if (asked > returned + boundOf(engine)) {
        expect(said).toBe(reason)
        return
      }
      expect(['valid', reason]).toContain(said)
      await sleep(20)
    }
  }

  test('another history that leads to the same number is another', async () => {
    const { verifier, watch } = await startedWith(() => ({}))
    expect(await answer(verifier, token)).toBe('valid')
    const before = watch.generation()
    await world.sql(
      `begin; update client set disabled_at = 1 where name = '${name}';
       update audit set hash = 'another' where sequence = (select max(sequence) from audit); commit`,
    )
    await seesChange(watch, before)
    expect(await answer(verifier, token)).toBe('disabled')
    await world.sql("update audit set hash = 'restored' where hash = 'another'")
  })

  /** Also those that the clock has begun to write meanwhile. */
  async function allWritten({ uses }: Verifier, count: number): Promise<void> {
    while (uses.written < count) await uses.flush()
  }

  test('strangers are not remembered and take no memory, and meanwhile those who are known are answered', async () => {
    const verifier = await started()
    const ask = async (count: number): Promise<number> => {
      for (let i = 0; i < count; i++) {
        if (i % 1000 === 0 && (await answer(verifier, token)) !== 'valid') throw new Error('one is not known')
        if ((await answer(verifier, stranger())) !== 'unknown') throw new Error('a stranger is known')
      }
      return heapUsed()
    }
    const many = engine === 'SQLite' ? STRANGERS : STRANGERS / 10
    const before = await ask(many / 10)
    // A digest kept of each of ten thousand is more; what the garbage collector leaves is less than half of it.
    expect((await ask(many)) - before).toBeLessThan(MEGABYTE / 2)
    expect(verifier.remembered).toBe(1)
  })

  test('a thousand uses are one row a batch, and all of them are there in the end', async () => {
    // Or the last one to leave would take the log along.
    const witness = await world.open()
    const verifier = await started()
    const began = performance.now()
    const writtenBefore = await written()
    for (let use = 0; use < 1000; use++) expect(await answer(verifier, token)).toBe('valid')
    await allWritten(verifier, 1000)
    const { batches } = verifier.uses
    expect(verifier.uses.written).toBe(1000)
    expect(batches).toBeLessThanOrEqual(1 + Math.ceil((performance.now() - began) / 1000))
    expect(await usesOf()).toBe(1000)
    const lastUse = async (): Promise<unknown> =>
      (await world.contents()).token_use?.find((use) => (use as { token_id: string }).token_id === tokenId())
    expect(await lastUse()).toMatchObject({ last_used_at: world.now })

    world.now -= DAY
    if (engine === 'PostgreSQL') sharedServer().setClock(databaseOf(world), world.now)
    const earlier = await started()
    expect(await answer(earlier, token)).toBe('valid')
    await earlier.uses.flush()
    world.now += DAY
    if (engine === 'PostgreSQL') sharedServer().setClock(databaseOf(world), world.now)
    expect(await lastUse()).toMatchObject({ last_used_at: world.now })
    for (const verifier of verifiers.splice(0)) await verifier.close()
    await expectWritten(writtenBefore, batches + 1)
    await witness.close()
  })

  /** On PostgreSQL the rows of days, as it counts them itself; on SQLite the pages of the log. */
  async function written(): Promise<number> {
    if (engine === 'SQLite') return statSync(`${world.storePath}-wal`).size / 4096
    const [row] = await sharedServer().query(
      databaseOf(world),
      "select n_tup_ins + n_tup_upd as rows from pg_stat_user_tables where relname = 'token_use_day'",
    )
    return Number(row?.rows)
  }

  async function expectWritten(before: number, batches: number): Promise<void> {
    if (engine === 'SQLite') {
      expect((await written()) - before).toBeLessThan(20 * batches)
      return
    }
    // It counts afterwards, whenever it likes.
    let rows = 0
    while (rows < batches) rows = (await written()) - before
    expect(rows).toBe(batches)
  }

  test('while somebody else writes for long, verdicts go on, of new ones too; the uses are written afterwards', async () => {
    const verifier = await started()
    expect(await answer(verifier, token)).toBe('valid')
    await verifier.uses.flush()
    const another = await world.ok('client', 'create', `${name}-another`, '--role', 'user')
    let turns = 0
    await whileLocked(async () => {
      expect(await answer(verifier, token)).toBe('valid')
      let isOver = false
      const over = (): boolean => isOver
      const flushed = verifier.uses.flush().finally(() => (isOver = true))
      while (!over()) {
        expect(await answer(verifier, token)).toBe('valid')
        expect(await answer(verifier, another)).toBe('valid')
        await sleep(1)
        turns++
      }
      await flushed
      expect(turns).toBeGreaterThan(2)
      expect(verifier.uses.failures).toBeGreaterThan(0)
    })
    await allWritten(verifier, 2 + 2 * turns)
    expect(await usesOf()).toBe(2 + turns)
  })

  async function whileLocked(work: () => Promise<void>): Promise<void> {
    if (engine === 'SQLite') {
      const database = new Database(world.storePath)
      database.exec('begin immediate')
      await work()
      database.close()
      return
    }
    await connectedTo(world.storePath, async (client) => {
      await client.query('begin')
      await client.query('select * from token_use for update')
      await work()
    })
  }

  test('two servers write the uses of the same tokens at once, and all are counted', async () => {
    const both = [await started(), await started()]
    const others = [
      await actingToken(world, `${name}-a`, 'user'),
      await actingToken(world, `${name}-b`, 'user'),
    ]
    const rounds = 20
    for (let round = 0; round < rounds; round++) {
      for (const verifier of both) {
        for (const used of [token, ...others]) expect(await answer(verifier, used)).toBe('valid')
      }
      await Promise.all(both.map(({ uses }) => uses.flush()))
    }
    for (const verifier of both) await allWritten(verifier, 3 * rounds)
    expect(both.map(({ uses }) => uses.written)).toEqual([3 * rounds, 3 * rounds])
    expect(await usesOf()).toBe(2 * rounds)
  })

  test('whoever stops one stops no use from being written', async () => {
    const verifier = await started()
    for (let use = 0; use < 7; use++) expect(await answer(verifier, token)).toBe('valid')
    // As the clock does just before.
    void verifier.uses.flush()
    await verifier.close()
    expect(await usesOf()).toBe(7)
  })
})

const databaseOf = (world: World): string => new URL(world.storePath).pathname.slice(1)

describe('a file', () => {
  let token = ''
  beforeEach(async () => {
    world = await worldOn('SQLite')
    token = await world.ok('client', 'create', 'BI', '--role', 'user')
  })
  afterEach(() => world.end())

  test.each([
    ['renamed into its place', renameSync],
    [
      'copied into its place, its log removed as one does',
      (from: string, to: string) => {
        copyFileSync(from, to)
        for (const suffix of ['-wal', '-shm']) rmSync(to + suffix)
      },
    ],
  ])('that another is %s is not believed any more', async (_, replace) => {
    const copy = await world.copy()
    const verifier = await started()
    expect(await answer(verifier, token)).toBe('valid')
    replace(copy.storePath, world.storePath)
    await hears('unavailable', verifier, token)
    copy.remove()
    await world.ok('client', 'disable', 'BI')
    expect(await answer(verifier, token)).toBe('unavailable')
    expect(await answer(await started(), token)).toBe('disabled')
  })
})

describe('the line to a database', () => {
  let proxy: CuttingProxy
  let direct = ''
  let token = ''
  let another = ''
  let clients = 0
  beforeAll(async () => {
    world = await worldOn('PostgreSQL')
    await world.makeStore()
    direct = world.storePath
  })
  afterAll(() => world.end())
  beforeEach(async () => {
    proxy = await CuttingProxy.to(Number(new URL(direct).port))
    token = await world.ok('client', 'create', `BI-${++clients}`, '--role', 'user')
    another = await world.ok('client', 'create', `ETL-${clients}`, '--role', 'user')
  })
  afterEach(async () => {
    for (const askers of asking.splice(0)) await askers.end()
    for (const verifier of verifiers.splice(0)) await verifier.close()
    proxy.close()
  })

  async function startedThroughProxy() {
    const through = new URL(direct)
    through.port = String(proxy.port)
    world.environment.TOKENCTL_STORE = through.href
    try {
      return await startedWith(() => ({}))
    } finally {
      world.environment.TOKENCTL_STORE = direct
    }
  }

  const disable = (): Promise<string> => world.ok('client', 'disable', `BI-${clients}`)

  test('brings an answer after what it tells of was changed: it is not believed', async () => {
    const { verifier, watch } = await startedThroughProxy()
    expect(await answer(verifier, another)).toBe('valid')
    const before = watch.generation()
    proxy.hold(/from secret/)
    const asked = answer(verifier, token)
    await until(() => proxy.held > 0)
    await disable()
    await seesChange(watch, before)
    proxy.release()
    expect(['disabled', 'unavailable']).toContain(await asked)
    await hears('disabled', verifier, token)
  })

  test('brings it after the bound: whoever waits for it is told that it cannot be answered, and the next one is', async () => {
    const { verifier } = await startedThroughProxy()
    proxy.hold(/from secret/)
    const asked = answer(verifier, token)
    await until(() => proxy.held > 0)
    expect(await asked).toBe('unavailable')
    proxy.release()
    const askers = askersOf([token], () => answer(verifier, token))
    await askers.hear('valid', token)
    await disable()
    await askers.hear('disabled', token)
  })

  test('falls silent: within the bound there are no more verdicts, and as it is back there are', async () => {
    const { verifier } = await startedThroughProxy()
    const askers = askersOf([token, another], (who) => answer(verifier, who))
    await askers.hear('valid', token)
    await askers.hear('valid', another)
    proxy.fallSilent()
    const silent = performance.now()
    await disable()
    await askers.hear('unavailable', token, silent + REVOCATION_BOUND)
    await askers.hear('unavailable', another, silent + REVOCATION_BOUND)
    for (const who of [token, another]) {
      expect(askers.answers(who, silent + REVOCATION_BOUND)).toEqual(['unavailable'])
    }
    proxy.heal()
    await askers.hear('valid', another)
    await askers.hear('disabled', token)
  })

  test.each([
    ['forward', DAY],
    ['back', -DAY],
  ])('works, and the clock of this machine is set %s: it is the other one that counts', async (_, step) => {
    const verifier = await started()
    const lives = await world.ok('client', 'create', `short-${clients}`, '--role', 'user', '--expires', '1h')
    expect(await answer(verifier, lives)).toBe('valid')
    const database = databaseOf(world)
    const noon = world.now
    const askers = askersOf([lives], () => answer(verifier, lives))
    await askers.hear('valid', lives)
    const set = performance.now()
    world.now += step
    await askers.hear('valid', lives)
    expect(askers.answers(lives, set)).not.toContain('expired')
    sharedServer().setClock(database, noon + 3_600_000)
    await askers.hear('expired', lives)
    world.now = noon
    sharedServer().setClock(database, noon)
  })
})

describe('a database server', () => {
  let server: PostgresServer
  let token = ''
  beforeAll(async () => {
    server = await PostgresServer.start({ settings: { fsync: 'off' } })
    world = await worldOn('PostgreSQL', server)
    await world.makeStore()
    token = await world.ok('client', 'create', 'BI', '--role', 'user')
  })
  afterAll(async () => {
    await world.end()
    await server.remove()
  })

  test.each([
    ['is shut down', async () => (await server.stop(), () => server.restart())],
    ['is killed', async () => (await server.kill(), () => server.restart())],
    [
      'stands still',
      async () => {
        const goOn = server.freeze()
        return async () => goOn()
      },
    ],
  ])('%s: within the bound there are no more verdicts, and as it is back there are', async (_, deed) => {
    const verifier = await started()
    const askers = askersOf([token], () => answer(verifier, token))
    await askers.hear('valid', token)
    const back = await deed()
    const gone = performance.now()
    await askers.hear('unavailable', token, gone + REVOCATION_BOUND)
    expect(askers.answers(token, gone + REVOCATION_BOUND)).toEqual(['unavailable'])
    await back()
    await askers.hear('valid', token)
  })
})

import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Context } from '../src/core/change.ts'
import type { Consent } from '../src/core/consent.ts'
import type { Overlap, Sink } from '../src/core/issue-secret.ts'
import type { Actor } from '../src/core/model.ts'
import { regenerateToken } from '../src/core/regenerate-token.ts'
import type { Store } from '../src/core/store.ts'
import { disableToken, enableToken } from '../src/core/switch-token.ts'
import { digestOf } from '../src/core/token-format.ts'
import { judge, PENDING_LIFE, type Reason } from '../src/core/verdict.ts'
import { Verifier } from '../src/core/verifier.ts'
import { verifyToken } from '../src/core/verify-token.ts'
import { ENGINES, type World, worldOn } from './support/world.ts'

// A former secret that lives on until the new one is used: whatever is done in whatever order, against the rule in words.

const MINUTE = 60_000
const FORCED: Consent = { kinds: new Set(['irreversible', 'breaks']), risks: [] }
const RUNS = { SQLite: 250, PostgreSQL: 12 } as const

type Deed =
  | {
      readonly does: 'regenerate'
      readonly overlap: Overlap | null
      readonly minutes: number | null
      readonly delivery: Delivery
    }
  | {
      readonly does: 'use'
      readonly which: number
      readonly atOnce: number
      readonly isWanted: boolean
      readonly by: 'command' | 'verifier'
    }
  | { readonly does: 'switch' }
  | { readonly does: 'wait'; readonly minutes: number }

/** It arrives; it is used before that is known; it does not; nobody ever knows, for the command was killed. */
type Delivery = 'arrives' | 'is used' | 'fails' | 'is cut off'

const deeds = fc.oneof(
  fc.record({
    does: fc.constant('regenerate' as const),
    overlap: fc.option(
      fc.record({ seconds: fc.constantFrom(600, 3600), untilUsed: fc.boolean() }),
      // Mostly: what is tried here is what comes after it.
      { freq: 5 },
    ),
    minutes: fc.option(fc.constantFrom(5, 30), { freq: 1 }),
    delivery: fc.constantFrom<Delivery>('arrives', 'arrives', 'is used', 'fails', 'is cut off'),
  }),
  {
    weight: 3,
    arbitrary: fc.record({
      does: fc.constant('use' as const),
      which: fc.constantFrom(0, 0, 0, 1, 1, 2),
      atOnce: fc.integer({ min: 1, max: 3 }),
      isWanted: fc.constantFrom(true, true, false),
      by: fc.constantFrom('command' as const, 'verifier' as const),
    }),
  },
  fc.constant({ does: 'switch' as const }),
  fc.record({ does: fc.constant('wait' as const), minutes: fc.constantFrom(1, 10, 60) }),
)

const NOTHING = { activates: false, ends: false } as const

interface Known {
  readonly secret: string
  readonly madeAt: number
  readonly expiresAt: number | null
  readonly overlap: Overlap | null
  died: 'replaced' | 'lapsed' | null
}

/** The rule in words. */
class Model {
  readonly known: Known[] = []
  current: Known | null = null
  former: { readonly secret: Known; readonly until: number } | null = null
  pending: Known | null = null
  isDisabled = false

  reason(secret: Known, now: number): Reason | 'good' {
    if (secret.died !== null) return secret.died
    if (this.former?.secret === secret && this.former.until <= now) return 'replaced'
    if (this.pending === secret && secret.madeAt + PENDING_LIFE <= now) return 'lapsed'
    if (this.isDisabled) return 'disabled'
    return secret.expiresAt !== null && secret.expiresAt <= now ? 'expired' : 'good'
  }

  /** @returns what that changed */
  use(secret: Known, now: number): { readonly activates: boolean; readonly ends: boolean } {
    const activates = this.pending === secret
    if (activates) this.activate(now)
    const isUntilThen = this.current === secret && secret.overlap?.untilUsed === true
    const ends = isUntilThen && this.former !== null && now < this.former.until
    if (ends) this.#endFormer()
    return { activates, ends }
  }

  /** The pending one. */
  activate(now: number): void {
    const { current, pending } = this
    this.#endFormer()
    if (current !== null) {
      const isLiving = current.expiresAt === null || now < current.expiresAt
      if (isLiving && pending?.overlap != null) {
        const until = now + pending.overlap.seconds * 1000
        this.former = { secret: current, until: Math.min(until, current.expiresAt ?? until) }
      } else {
        current.died = 'replaced'
      }
    }
    this.current = pending
    this.pending = null
  }

  #endFormer(): void {
    if (this.former !== null) this.former.secret.died = 'replaced'
    this.former = null
  }
}

describe.each(ENGINES)('on %s, an overlap until the new secret is used', (engine) => {
  let world: World
  let store: Store
  let verifier: Verifier
  let context: Context
  let id = ''
  beforeAll(async () => {
    world = await worldOn(engine)
    await world.makeStore()
    id = (await world.ok('client', 'create', 'BI', '--role', 'user')).slice(0, 16)
    store = await world.open()
    verifier = await Verifier.on(await world.open(), world.person)
    const patterns = ['*:*', '*:tokenctl/*']
    const actor: Actor = {
      name: 'tester',
      grants: [{ role: 'admin', patterns, scope: 'cluster' }],
      operatorId: 1,
      token: null,
    }
    context = {
      store,
      actor,
      now: () => world.now,
      osUser: world.person,
      authenticate: async () => actor,
      randomBytes: (count) => randomBytes(count),
      scope: null,
      uidsWithin: 'any',
    }
  })
  afterAll(async () => {
    await verifier.close()
    await store.close()
    await world.end()
  })

  /** A server learns of changes to a database a little later, and that is tried elsewhere. */
  const verify = (secret: string, by: 'command' | 'verifier', permission?: string) =>
    by === 'verifier' && engine === 'SQLite'
      ? verifier.verify(secret, { permission })
      : verifyToken(context, secret, { permission })

  const audited = async (): Promise<number> => (await store.lastAuditEntry())?.sequence ?? 0

  async function regenerate(model: Model, deed: Extract<Deed, { does: 'regenerate' }>): Promise<void> {
    // What was begun is somebody's at work for a minute.
    world.now += MINUTE
    const { overlap, minutes, delivery } = deed
    let isDone = (): void => {}
    const cutOff = new Promise<void>((resolve) => {
      isDone = resolve
    })
    const earlier = model.pending
    const sink: Sink = {
      async deliver({ secret, expiresAt }) {
        const made: Known = { secret, madeAt: world.now, expiresAt, overlap, died: null }
        model.known.push(made)
        if (model.pending !== null) model.pending.died = 'lapsed'
        model.pending = made
        if (delivery === 'fails') throw new Error('full')
        if (delivery === 'is used') await use(model, made, 'command')
        if (delivery !== 'is cut off') return 'stdout'
        isDone()
        return new Promise(() => {})
      },
      retract() {},
    }
    const expires = minutes === null ? null : { lifetime: minutes * 60, until: null }
    const work = regenerateToken(context, { reference: id, expires, overlap }, FORCED, sink)
    if (delivery === 'is cut off') return Promise.race([cutOff, work.then(() => undefined)])
    if (delivery === 'fails') {
      await expect(work).rejects.toMatchObject({ kind: 'not-delivered' })
      if (model.pending !== null) model.pending.died = 'lapsed'
      if (earlier !== null) earlier.died = null
      model.pending = earlier
      return
    }
    await work
    if (model.pending !== null) model.activate(world.now)
  }

  async function use(model: Model, secret: Known, by: 'command' | 'verifier', atOnce = 1): Promise<void> {
    const before = await audited()
    const reason = model.reason(secret, world.now)
    const verdicts = await Promise.all(Array.from({ length: atOnce }, () => verify(secret.secret, by)))
    expect(verdicts.map((verdict) => (verdict.valid ? 'good' : verdict.reason))).toEqual(
      verdicts.map(() => reason),
    )
    const { activates, ends } = reason === 'good' ? model.use(secret, world.now) : NOTHING
    // However many there are at once, one of them ends it, and one line is written.
    expect((await audited()) - before).toBe(Number(activates || ends))
    if (!activates && !ends) return
    const { action, actor, outcome, details } = (await store.lastAuditEntry()) ?? {}
    expect({ action, actor, outcome, details }).toEqual({
      action: 'token verify',
      actor: id,
      outcome: activates ? 'delivered' : 'done',
      details: ends ? { endedOverlap: true } : {},
    })
  }

  async function run(model: Model, deed: Deed): Promise<void> {
    switch (deed.does) {
      case 'regenerate':
        return regenerate(model, deed)
      case 'use': {
        const secret = model.known.at(-1 - deed.which)
        if (secret === undefined) return
        if (deed.isWanted) return use(model, secret, deed.by, deed.atOnce)
        const reason = model.reason(secret, world.now)
        const before = await audited()
        const verdict = await verify(secret.secret, deed.by, 'drop:sales')
        expect(verdict).toEqual({ valid: false, reason: reason === 'good' ? 'forbidden' : reason })
        expect(await audited()).toBe(before)
        return
      }
      case 'switch':
        model.isDisabled = !model.isDisabled
        await (model.isDisabled ? disableToken(context, id, FORCED) : enableToken(context, id))
        return
      case 'wait':
        world.now += deed.minutes * MINUTE
    }
  }

  test('ends by what the rule says, and by nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(deeds, { minLength: 3, maxLength: 12 }), async (all) => {
        const model = new Model()
        await run(model, { does: 'regenerate', overlap: null, minutes: null, delivery: 'arrives' })
        for (const deed of all) {
          await run(model, deed)
          for (const secret of model.known) {
            const verdict = judge(await store.credential(digestOf(secret.secret)), world.now)
            expect(verdict.valid ? 'good' : verdict.reason).toBe(model.reason(secret, world.now))
          }
        }
        if (model.isDisabled) await run(model, { does: 'switch' })
      }),
      { numRuns: RUNS[engine] },
    )
  })
})

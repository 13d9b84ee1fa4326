import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { bearer, Served, statusesIn } from '../support/http.ts'
import { type Tokens, tokensIn } from '../support/tokens.ts'
import { World } from '../support/world.ts'

/** `ROUNDS=100000` to look long. */
const ROUNDS = Number(process.env.ROUNDS ?? 300)

const world = new World()
let tokens: Tokens
let served: Served
beforeAll(async () => {
  tokens = await tokensIn(world)
  served = await Served.by(world)
})
afterAll(async () => {
  await served.stop()
  await world.end()
})
/** Each time: what is good is still let through. */
afterEach(async () => {
  const { status } = await served.get('/verify', bearer(tokens.analyst))
  if (status !== 200) throw new Error(`a good token: ${status}`)
})

const property = <T>(arbitrary: fc.Arbitrary<T>, holds: (value: T) => Promise<void>): Promise<void> =>
  fc.assert(fc.asyncProperty(arbitrary, holds), { numRuns: ROUNDS })

const FORM = 'Content-Type: application/x-www-form-urlencoded'
const REQUEST = 'GET /verify HTTP/1.1\r\nHost: x\r\nConnection: close\r\n'

/** A good token with one fault, a dead one, or what is none at all. Made of what there is when it runs. */
type Badly = (tokens: Tokens) => string

const good: fc.Arbitrary<Badly> = fc
  .constantFrom('analyst', 'grouped', 'personal', 'introspector')
  .map((kind) => (made: Tokens) => made[kind])

const dead: fc.Arbitrary<Badly> = fc
  .constantFrom('unknown', 'deleted', 'replaced', 'lapsed', 'disabled', 'expired')
  .map((kind) => (made: Tokens) => made.dead[kind])

const edited: fc.Arbitrary<Badly> = fc
  .tuple(
    good,
    fc.nat(64),
    fc.constantFrom('insert', 'replace', 'remove', 'swap', 'case', 'cut'),
    fc.oneof(
      fc.constantFrom('0', 'a', 'Z', '_', '-', '.', '~', '+', '/', '='),
      fc.string({ minLength: 1, maxLength: 1, unit: 'binary-ascii' }),
    ),
  )
  .map(([base, at, how, character]) => (made) => {
    const token = base(made)
    const [before, here, after] = [token.slice(0, at), token.charAt(at), token.slice(at + 1)]
    switch (how) {
      case 'insert':
        return before + character + here + after
      case 'replace':
        return before + character + after
      case 'remove':
        return before + after
      case 'swap':
        return before + after.charAt(0) + here + after.slice(1)
      case 'case':
        return before + (here === here.toUpperCase() ? here.toLowerCase() : here.toUpperCase()) + after
      default:
        return before
    }
  })

const prefixed: fc.Arbitrary<Badly> = fc
  .tuple(good, fc.constantFrom('tksession', 'tkticket', 'TKC', 'ghp', 'tk', 'tkcc', ''))
  .map(
    ([base, prefix]) =>
      (made) =>
        prefix + base(made).slice(3),
  )

const joined: fc.Arbitrary<Badly> = fc.tuple(good, good, fc.constantFrom('', ' ', ',', ', ', ';', '\t')).map(
  ([one, two, between]) =>
    (made) =>
      one(made) + between + two(made),
)

const bad = fc.oneof(
  dead,
  edited,
  prefixed,
  joined,
  fc.string({ unit: 'binary-ascii' }).map((text) => () => text),
)

const isGood = (token: string): boolean =>
  [tokens.analyst, tokens.grouped, tokens.personal, tokens.introspector, tokens.orgIntrospector].includes(
    token,
  )

/** In a header nothing is left of blanks around it. */
const inHeader = (text: string): string => text.replace(/^[ \t]+|[ \t]+$/g, '')

const withoutLines = (text: string): string => text.replace(/[\r\n]/g, '')

test('/verify: nothing but a token that is good is let through', () =>
  property(bad, async (make) => {
    const token = withoutLines(make(tokens))
    const received = await served.raw(
      Buffer.from(`${REQUEST}Authorization: Bearer ${token}\r\n\r\n`, 'latin1'),
    )
    const allowed = isGood(inHeader(token)) ? [200] : [400, 401]
    expect(allowed).toContain(statusesIn(received)[0])
    expect(/x-tokenctl/i.test(received)).toBe(isGood(inHeader(token)))
  }))

test('/verify: whatever Authorization is, it is let through only in the one form', () =>
  property(
    fc.tuple(
      fc.constantFrom('Authorization', 'authorization', 'AUTHORIZATION', 'Authorisation', 'X-Authorization'),
      fc.constantFrom(':', ': ', ':\t', ' :', ':  ', ''),
      fc.constantFrom('Bearer', 'bearer', 'BEARER', 'Basic', 'Token', '', 'Bearer:', 'Bearer Bearer'),
      fc.constantFrom(' ', '  ', '\t', '', '=', ' \t'),
      fc.oneof(good, bad),
    ),
    async ([name, colon, scheme, blank, make]) => {
      const line = withoutLines(`${name}${colon}${scheme}${blank}${make(tokens)}`)
      const received = await served.raw(Buffer.from(`${REQUEST}${line}\r\n\r\n`, 'latin1'))
      const [, token = ''] = /^authorization:[ \t]*bearer +(\S*)[ \t]*$/i.exec(line) ?? []
      expect(isGood(token) ? [200] : [400, 401]).toContain(statusesIn(received)[0])
    },
  ))

test('/verify: raw lines before a good header let it through, or not; none crashes', () =>
  property(
    fc.tuple(
      fc.array(
        fc.oneof(
          fc.string({ unit: 'binary-ascii', maxLength: 60 }),
          fc.constantFrom(
            'Content-Length: 0',
            'Content-Length: 7',
            'Transfer-Encoding: chunked',
            'Transfer-Encoding: identity',
            'Expect: 100-continue',
            'Upgrade: h2c',
            'Connection: upgrade',
            'Connection: keep-alive',
            'Authorization: Basic x',
            ' folded',
            '\tfolded',
            'Host: y',
            'Trailer: Authorization',
            'Authorization:',
          ),
        ),
        { maxLength: 6 },
      ),
      fc.boolean(),
    ),
    async ([lines, hasToken]) => {
      const header = hasToken ? `${bearer(tokens.analyst)}\r\n` : ''
      const text = `${REQUEST}${lines.map((line) => `${line}\r\n`).join('')}${header}Connection: close\r\n\r\n0\r\n\r\n`
      const statuses = statusesIn(await served.raw(Buffer.from(text, 'latin1')))
      expect(statuses).not.toEqual([])
      expect(hasToken ? [] : statuses).not.toContain(200)
      expect(statuses.filter((status) => ![100, 200, 400, 401, 408, 417].includes(status))).toEqual([])
    },
  ))

test('/introspect: active is nothing but a token that is good', () =>
  property(bad, async (make) => {
    const token = make(tokens)
    const { status, body } = await served.post(
      '/introspect',
      `token=${encodeURIComponent(token)}`,
      FORM,
      bearer(tokens.introspector),
    )
    const seen = status === 200 ? body.slice(0, 16) : status
    expect(seen).toBe(token === '' ? 400 : isGood(token) ? '{"active":true,"' : '{"active":false}')
  }))

test('/introspect: whatever the form, what is active stood there once, as the token', () =>
  property(
    fc.tuple(
      fc.array(
        fc.tuple(
          fc.constantFrom('token', 'to%6ben', 'Token', 'token_type_hint', 'x', ''),
          fc.constantFrom('=', '', '==', '%3D'),
          fc.oneof(
            good,
            bad,
            fc.constant((): string => ''),
          ),
        ),
        { maxLength: 4 },
      ),
      fc.constantFrom('&', ';', '&&', '\n', '\r\n'),
    ),
    async ([parts, between]) => {
      const form = parts.map(([name, equals, make]) => `${name}${equals}${make(tokens)}`).join(between)
      const { status, body } = await served.post('/introspect', form, FORM, bearer(tokens.introspector))
      expect([200, 400, 413]).toContain(status)
      const named = new URLSearchParams(form).getAll('token')
      const mayBeActive = named.length === 1 && isGood(named[0] ?? '')
      expect(body.includes('"active":true') && !mayBeActive).toBe(false)
    },
  ))

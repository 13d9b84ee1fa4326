import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type Answered, bearer, Served } from '../support/http.ts'
import { type Tokens, tokensIn } from '../support/tokens.ts'
import { World } from '../support/world.ts'

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

const REALM = 'Bearer realm="tokenctl"'
const INVALID = `${REALM}, error="invalid_token", error_description="the token is not valid"`
const FORBIDDEN = `${REALM}, error="insufficient_scope"`
const MALFORMED = `${REALM}, error="invalid_request"`

/** What the backend may learn by it. */
const identity = ({ headers }: Answered): unknown =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith('x-')))

describe('a good token', () => {
  test.each([
    ['', 'analyst'],
    ['?', 'analyst'],
    ['?permission=select:sales.orders', 'analyst'],
    ['?permission=select%3Asales.orders', 'analyst'],
    ['?permission=select:sales.*', 'analyst'],
    ['?scope=acme', 'analyst'],
    ['?scope=acme/etl&permission=select:sales.orders', 'grouped'],
    ['?scope=ACME%2Fetl', 'grouped'],
  ] as const)('/verify%s: let through', async (query, kind) => {
    const answer = await served.get(`/verify${query}`, bearer(tokens[kind]))
    expect(answer).toMatchObject({ status: 200, body: '', headers: { 'cache-control': 'no-store' } })
    expect(identity(answer)).toEqual({
      'x-tokenctl-client': 'BI',
      'x-tokenctl-role': 'analyst',
      'x-tokenctl-scope': kind === 'analyst' ? 'cluster' : 'acme/etl',
      'x-tokenctl-token-id': tokens[kind].slice(0, 16),
    })
  })

  test('a personal one has neither role nor scope', async () => {
    const answer = await served.get('/verify?permission=a:b', bearer(tokens.personal))
    expect(answer.status).toBe(200)
    expect(identity(answer)).toEqual({
      'x-tokenctl-client': '@tester',
      'x-tokenctl-token-id': tokens.personal.slice(0, 16),
    })
  })

  test.each(['bearer', 'BEARER', 'bEaReR', 'Bearer  ', 'Bearer      '])(
    '%j is the scheme',
    async (scheme) => {
      expect((await served.get('/verify', `Authorization: ${scheme} ${tokens.analyst}`)).status).toBe(200)
    },
  )

  test('is not told of in the log', async () => {
    served.said()
    await served.get('/verify', bearer(tokens.analyst))
    expect(served.said()).toEqual([])
  })

  test('HEAD is answered as GET, without a body', async () => {
    const head = 'Host: tokenctl\r\nConnection: close\r\n'
    expect(await served.raw(`HEAD /verify HTTP/1.1\r\n${head}${bearer(tokens.analyst)}\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 200 OK\r\n[^]*X-Tokenctl-Client: BI\r\n[^]*\r\n\r\n$/,
    )
    expect(await served.raw(`HEAD /verify HTTP/1.1\r\n${head}\r\n`)).toMatch(
      /^HTTP\/1\.1 401 Unauthorized\r\n[^]*\r\n\r\n$/,
    )
  })
})

describe('RFC 6750, 3.1', () => {
  test.each<[what: string, headers: readonly string[], challenge: string]>([
    ['nothing: no error code', [], REALM],
    ['another scheme', ['Authorization: Basic dGtjOnRrYw=='], REALM],
    ['a scheme that begins so', ['Authorization: Bearers x'], REALM],
    ['nothing behind the colon', ['Authorization:'], REALM],
    ['a session of another kind', ['Authorization: Bearer tksession_x'], INVALID],
    ['no token of any store', ['Authorization: Bearer x'], INVALID],
    ['many of its characters', [`Authorization: Bearer ${'x'.repeat(7000)}`], INVALID],
  ])('%s: 401', async (_what, headers, challenge) => {
    const answer = await served.get('/verify', ...headers)
    expect(answer).toMatchObject({
      status: 401,
      headers: { 'www-authenticate': challenge, 'cache-control': 'no-store' },
    })
    expect(identity(answer)).toEqual({})
  })

  test.each(['unknown', 'deleted', 'replaced', 'lapsed', 'disabled', 'expired'] as const)(
    'one that is %s: 401 in the same words, and the reason in the log',
    async (reason) => {
      served.said()
      const token = tokens.dead[reason]
      const answer = await served.get('/verify', bearer(token))
      expect(answer).toMatchObject({
        status: 401,
        headers: { 'www-authenticate': INVALID },
        body: 'the token is not valid\n',
      })
      expect(identity(answer)).toEqual({})
      expect(served.said()).toEqual([
        { event: 'refused', route: 'verify', status: 401, reason, token: token.slice(0, 16) },
      ])
    },
  )

  test.each([
    ['?permission=delete:sales.orders', 'analyst', ', scope="delete:sales.orders"'],
    ['?permission=select:*', 'analyst', ', scope="select:*"'],
    ['?permission=select:sales.orders&scope=acme', 'grouped', ', scope="select:sales.orders"'],
    ['?scope=acme', 'grouped', ''],
    ['?scope=other', 'grouped', ''],
    ['?permission=use:tokenctl/own-token', 'personal', ', scope="use:tokenctl/own-token"'],
  ] as const)('/verify%s, not held by the %s: 403', async (query, kind, scope) => {
    served.said()
    const answer = await served.get(`/verify${query}`, bearer(tokens[kind]))
    expect(answer).toMatchObject({
      status: 403,
      headers: { 'www-authenticate': `${FORBIDDEN}${scope}` },
      body: 'not permitted\n',
    })
    expect(identity(answer)).toEqual({})
    expect(served.said()).toMatchObject([
      { status: 403, reason: 'forbidden', token: tokens[kind].slice(0, 16) },
    ])
  })

  test.each<[what: string, headers: (good: string) => readonly string[]]>([
    ['two', (good) => [bearer(good), bearer(good)]],
    ['two in other cases', (good) => [bearer(good), bearer(good).toUpperCase()]],
    ['two, one of them empty', (good) => ['AUTHORIZATION:', bearer(good)]],
    ['two, one of another scheme', (good) => [bearer(good), 'authorization: Basic x']],
    // Of more than two thousand node itself would leave out the rest.
    [
      'two, with very many headers between',
      (good) => [bearer(good), ...many('a:'), 'Authorization: Basic x'],
    ],
    ['two, with very many before', (good) => [...many('a:'), bearer(good), bearer(good)]],
    ['two in one', (good) => [`${bearer(good)}, Bearer ${good}`]],
    ['one and more', (good) => [`${bearer(good)} x`]],
    ['no token', () => ['Authorization: Bearer']],
    ['blanks', () => ['Authorization: Bearer    ']],
    ['a tab', (good) => [`Authorization: Bearer\t${good}`]],
    ['quotes', (good) => [`Authorization: Bearer "${good}"`]],
    ['a parameter', (good) => [`Authorization: Bearer token=${good}`]],
    ['not ASCII', (good) => [`Authorization: Bearer ${good}é`]],
    ['padding within', (good) => [`Authorization: Bearer ${good.slice(0, 9)}=${good.slice(9)}`]],
    ['a comma', (good) => [`${bearer(good)},`]],
  ])('%s: 400', async (_what, headers) => {
    const answer = await served.get('/verify', ...headers(tokens.analyst))
    expect(answer).toMatchObject({
      status: 400,
      headers: { 'www-authenticate': MALFORMED, 'cache-control': 'no-store' },
    })
    expect(identity(answer)).toEqual({})
  })

  test.each([
    '?access_token={good}',
    '?token={good}',
    '?permission=a:b&permission=a:b',
    '?scope=acme&scope=acme',
    '?permission=',
    '?permission',
    '?scope=',
    '?permission=select',
    '?permission=a:b%0d%0aX-Tokenctl-Client:%20x',
    '?permission=a:b"',
    '?permission=a:b%',
    '?permission=a:b%zz',
    '?permission=a:%c0%af',
    '?permission=a+b:c',
    '?permission=a:b&',
    '?&permission=a:b',
    '?%70ermission=a:b',
    '?Permission=a:b',
    '?permission[]=a:b',
    '?__proto__=a:b',
    '?constructor=a:b',
    '?scope=acme/',
    '?scope=acme//etl',
    '?scope=acme/etl/x',
    '?scope=../acme',
    '?scope=acme%00',
    '?scope=acm%C3%A9',
    '?scope=Cluster',
    '?x=y',
    '??scope=acme',
    '?scope=acme?',
    `?permission=a:${'b'.repeat(127)}`,
  ])('/verify%s: 400, whoever asks', async (query) => {
    served.said()
    const answer = await served.get(
      `/verify${query.replace('{good}', tokens.analyst)}`,
      bearer(tokens.analyst),
    )
    expect(answer).toMatchObject({ status: 400, headers: { 'www-authenticate': MALFORMED } })
    expect(identity(answer)).toEqual({})
    expect(answer.body).toMatch(/^[a-z ]+\n$/)
    expect(served.said()).toMatchObject([{ event: 'refused', route: 'verify', status: 400 }])
  })
})

const many = (line: string): string[] => Array<string>(2_500).fill(line)

describe('where nothing is asked', () => {
  test.each([
    '/',
    '/verify/',
    '/Verify',
    '//verify',
    '/verify%2f',
    '/%76erify',
    '/verify;a=b',
    '/verify#x',
    '/x/../verify',
    '/favicon.ico',
    '/introspect/',
    '/.env',
    '/verify\\',
    '/__proto__',
  ])('%s: 404', async (target) => {
    const answer = await served.get(target, bearer(tokens.analyst))
    expect(answer).toMatchObject({
      status: 404,
      body: 'not found\n',
      headers: { 'cache-control': 'no-store' },
    })
  })

  test.each([
    ['/verify', 'GET, HEAD'],
    ['/introspect', 'POST'],
    ['/healthz', 'GET, HEAD'],
    ['/readyz', 'GET, HEAD'],
    ['/metrics', 'GET, HEAD'],
  ])('%s by other methods: 405', async (path, allow) => {
    for (const method of ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND']) {
      if (allow.includes(method)) continue
      const received = await served.raw(
        `${method} ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${bearer(tokens.analyst)}\r\n\r\n`,
      )
      expect(received).toMatch(/^HTTP\/1\.1 405 /)
      expect(received).toContain(`\r\nAllow: ${allow}\r\n`)
    }
  })
})

test('nothing else of the visitor is looked at', async () => {
  const answer = await served.get(
    '/verify',
    `X-Forwarded-Authorization: Bearer ${tokens.analyst}`,
    `X-Original-URI: /?access_token=${tokens.analyst}`,
    `Proxy-Authorization: Bearer ${tokens.analyst}`,
    `Cookie: access_token=${tokens.analyst}`,
    'X-Tokenctl-Client: root',
  )
  expect(answer.status).toBe(401)
  expect(identity(answer)).toEqual({})
})

test('a use is recorded, and a refusal is none', async () => {
  const fresh = await world.ok('client', 'create', 'Fresh', '--role', 'analyst')
  const id = fresh.slice(0, 16)
  const own = await Served.by(world)
  await own.get('/verify?permission=delete:x', bearer(fresh))
  await own.stop()
  expect(await world.json('token', 'show', id)).toMatchObject({ lastUsedAt: null })
  const again = await Served.by(world)
  await again.get('/verify', bearer(fresh))
  expect(await again.stop()).toMatchObject({ code: 0 })
  expect(await world.json('token', 'show', id)).toMatchObject({
    lastUsedAt: new Date(world.now).toISOString(),
  })
})

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

const FORM = 'Content-Type: application/x-www-form-urlencoded'
const INACTIVE = { status: 200, body: '{"active":false}' }

const introspect = (body: string, caller = tokens.introspector, type = FORM): Promise<Answered> =>
  served.post('/introspect', body, type, bearer(caller))

const json = ({ body }: Answered): unknown => JSON.parse(body)

describe('RFC 7662, 2.2: what is active', () => {
  test('a client at the cluster', async () => {
    const answer = await introspect(`token=${tokens.analyst}`)
    expect(answer).toMatchObject({
      status: 200,
      headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
    })
    expect(json(answer)).toEqual({
      active: true,
      scope: 'insert:sales.notes select:sales.*',
      client_id: 'BI',
      sub: 'BI',
      token_type: 'Bearer',
      exp: world.now / 1000 + 90 * 86_400,
      jti: tokens.analyst.slice(0, 16),
      tokenctl_scope: 'cluster',
      tokenctl_role: 'analyst',
    })
  })

  test('a client of a group, whose secret never expires', async () => {
    expect(json(await introspect(`token=${tokens.grouped}`))).toEqual({
      active: true,
      scope: 'insert:sales.notes select:sales.*',
      client_id: 'acme/etl/BI',
      sub: 'acme/etl/BI',
      token_type: 'Bearer',
      jti: tokens.grouped.slice(0, 16),
      tokenctl_scope: 'acme/etl',
      tokenctl_role: 'analyst',
    })
  })

  test('a personal token has a name, and no role', async () => {
    const answer = json(await introspect(`token=${tokens.personal}`))
    expect(answer).toMatchObject({ active: true, client_id: '@tester', sub: '@tester', username: 'tester' })
    expect(answer).not.toHaveProperty('tokenctl_role')
  })

  test("the caller's own", async () => {
    expect(json(await introspect(`token=${tokens.introspector}`))).toMatchObject({ active: true })
  })
})

describe('what is not: exactly that, whatever the reason', () => {
  test.each(['unknown', 'deleted', 'replaced', 'lapsed', 'disabled', 'expired'] as const)(
    '%s',
    async (kind) => {
      expect(await introspect(`token=${tokens.dead[kind]}`)).toMatchObject(INACTIVE)
    },
  )

  test.each(['x', 'tkc_', '%00', '%C3%A9', 'Bearer+x', '__proto__', 'x'.repeat(8_000)])(
    'no token: %s',
    async (text) => {
      expect(await introspect(`token=${text}`)).toMatchObject(INACTIVE)
    },
  )

  test('one with a blank before or behind it', async () => {
    expect(await introspect(`token=+${tokens.analyst}`)).toMatchObject(INACTIVE)
    expect(await introspect(`token=${tokens.analyst}%0A`)).toMatchObject(INACTIVE)
  })

  test("outside of the caller's scopes; within them it is active", async () => {
    expect(await introspect(`token=${tokens.analyst}`, tokens.orgIntrospector)).toMatchObject(INACTIVE)
    expect(await introspect(`token=${tokens.personal}`, tokens.orgIntrospector)).toMatchObject(INACTIVE)
    expect(json(await introspect(`token=${tokens.grouped}`, tokens.orgIntrospector))).toMatchObject({
      active: true,
    })
  })
})

test('to be introspected is a use; to be so from outside is none', async () => {
  const fresh = await world.ok('client', 'create', 'Fresh', '--role', 'analyst')
  const outside = await Served.by(world)
  const from = (caller: string): Promise<Answered> =>
    outside.post('/introspect', `token=${fresh}`, FORM, bearer(caller))
  expect(await from(tokens.orgIntrospector)).toMatchObject(INACTIVE)
  await outside.stop()
  expect(await world.json('token', 'show', fresh.slice(0, 16))).toMatchObject({ lastUsedAt: null })
  const within = await Served.by(world)
  const answer = await within.post('/introspect', `token=${fresh}`, FORM, bearer(tokens.introspector))
  expect(json(answer)).toMatchObject({ active: true })
  await within.stop()
  expect(await world.json('token', 'show', fresh.slice(0, 16))).not.toMatchObject({ lastUsedAt: null })
})

describe('RFC 7662, 2.1: who may ask, and how', () => {
  test('nobody: 401', async () => {
    const answer = await served.post('/introspect', `token=${tokens.analyst}`, FORM)
    expect(answer).toMatchObject({
      status: 401,
      headers: { 'www-authenticate': 'Bearer realm="tokenctl"', 'cache-control': 'no-store' },
      body: 'no token\n',
    })
  })

  test('by a token that is not valid: 401', async () => {
    expect(await introspect(`token=${tokens.analyst}`, tokens.dead.disabled)).toMatchObject({
      status: 401,
      headers: { 'www-authenticate': expect.stringContaining('error="invalid_token"') },
    })
  })

  test('by one that does not hold the permission: 403', async () => {
    expect(await introspect(`token=${tokens.analyst}`, tokens.analyst)).toMatchObject({
      status: 403,
      headers: {
        'www-authenticate':
          'Bearer realm="tokenctl", error="insufficient_scope", scope="introspect:tokenctl/token"',
      },
    })
  })

  test.each([
    ['a hint, of whatever kind', 'token_type_hint=refresh_token&token={token}'],
    ['what nobody knows', 'token={token}&client_id=x&client_secret=y'],
    ['a value less', 'token={token}&resource='],
    ['encoded', 'to%6ben={encoded}'],
    ['ampersands', '&&token={token}&'],
  ])('%s: answered', async (_what, body) => {
    const encoded = tokens.analyst.replace('_', '%5F')
    const answer = await introspect(body.replace('{token}', tokens.analyst).replace('{encoded}', encoded))
    expect(json(answer)).toMatchObject({ active: true })
  })

  test.each([
    FORM.toUpperCase(),
    `${FORM};charset=utf-8`,
    `${FORM}; charset=UTF-8`,
    `${FORM} ; charset="utf-8"`,
  ])('%s: answered', async (type) => {
    expect(json(await introspect(`token=${tokens.analyst}`, undefined, type))).toMatchObject({ active: true })
  })

  test.each([
    ['no token', 'x=y', 400],
    ['an empty one', 'token=', 400],
    ['none but a name', 'token', 400],
    ['nothing', '', 400],
    ['two', 'token={token}&token={token}', 400],
    ['two, one of them encoded', 'token={token}&to%6Ben=x', 400],
    ['two, one of them empty', 'token=&token={token}', 400],
    ['another that is repeated', 'token={token}&a=b&a=b', 400],
    ['a % that stands for nothing', 'token={token}&a=%', 400],
    ['what is no UTF-8', 'token={token}&a=%ff', 400],
    ['a character that is not ASCII', 'token={token}&a=é', 400],
    ['a newline', 'token={token}\n', 400],
    ['a NUL', 'token={token}\0', 400],
    ['JSON', '{"token":"{token}"}', 400],
    ['too much', `token={token}&a=${'x'.repeat(8_200)}`, 413],
    ['far too much', `token={token}&a=${'x'.repeat(3_000_000)}`, 413],
  ])('%s: refused', async (_what, body, status) => {
    const answer = await introspect(body.replaceAll('{token}', tokens.analyst))
    expect(answer.status).toBe(status)
    expect(answer.body).not.toContain('active')
  })

  test.each([
    'Content-Type: application/json',
    'Content-Type: text/plain',
    'Content-Type: multipart/form-data; boundary=x',
    'Content-Type:',
    'X-Type: application/x-www-form-urlencoded',
    `${FORM}; charset=utf-16`,
    `${FORM}; boundary=x`,
    `${FORM}, text/plain`,
    `${FORM}x`,
  ])('%s: 415', async (type) => {
    const answer = await introspect(`token=${tokens.analyst}`, undefined, type)
    expect(answer).toMatchObject({ status: 415 })
  })

  test('two types: 400', async () => {
    expect((await introspect(`token=${tokens.analyst}`, undefined, `${FORM}\r\n${FORM}`)).status).toBe(400)
  })

  test('a token in the query: 400', async () => {
    const path = `/introspect?token=${tokens.analyst}`
    expect(
      (await served.post(path, `token=${tokens.analyst}`, FORM, bearer(tokens.introspector))).status,
    ).toBe(400)
  })

  test('in chunks: answered', async () => {
    const chunks = `token=${tokens.analyst}`.replace(/./g, '1\r\n$&\r\n')
    const received = await served.raw(
      `POST /introspect HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${FORM}\r\n${bearer(tokens.introspector)}\r\n` +
        `Transfer-Encoding: chunked\r\n\r\n${chunks}0\r\n\r\n`,
    )
    expect(received).toContain('"active":true')
  })
})

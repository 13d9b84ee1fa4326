import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { bearer, Served, statusesIn } from '../support/http.ts'
import { World } from '../support/world.ts'

const world = new World()
let token = ''
let served: Served
beforeAll(async () => {
  token = await world.ok('client', 'create', 'BI', '--role', 'admin')
  served = await Served.by(world)
})
afterAll(async () => {
  await served.stop()
  await world.end()
})
/** What is good is answered at any time. */
async function stillServes(): Promise<void> {
  expect((await served.get('/verify', bearer(token))).status).toBe(200)
}

const HEAD = 'Host: tokenctl\r\nConnection: close\r\n'
const FORM = 'Content-Type: application/x-www-form-urlencoded\r\n'

/** `{auth}` is a good Authorization header with its line's end, `{body}` a form with a good token, `{length}` its length. */
function filled(text: string): string {
  const body = `token=${token}`
  return text
    .replaceAll('{auth}', `${bearer(token)}\r\n`)
    .replaceAll('{token}', token)
    .replaceAll('{head}', HEAD)
    .replaceAll('{form}', FORM)
    .replaceAll('{body}', body)
    .replaceAll('{length}', String(body.length))
    .replaceAll('{hex}', body.length.toString(16))
}

describe('never 2xx', () => {
  test.each<[what: string, request: string, statuses: readonly number[]]>([
    ['no request at all', 'hello\r\n\r\n', [400]],
    ['HTTP/0.9', 'GET /verify\r\n{auth}\r\n', [400]],
    ['HTTP/2, straight away', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', [400]],
    ['HTTP/3.0', 'GET /verify HTTP/3.0\r\n{head}{auth}\r\n', [400]],
    ['a lower-case protocol', 'GET /verify http/1.1\r\n{head}{auth}\r\n', [400]],
    ['a lower-case method', 'get /verify HTTP/1.1\r\n{head}{auth}\r\n', [400]],
    ['an unknown method', 'FETCH /verify HTTP/1.1\r\n{head}{auth}\r\n', [400]],
    ['TLS', '\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003', [400]],
    ['no host', 'GET /verify HTTP/1.1\r\nConnection: close\r\n{auth}\r\n', [400]],
    ['absolute form', 'GET http://tokenctl/verify HTTP/1.1\r\n{head}{auth}\r\n', [400]],
    ['absolute form, another host', 'GET http://x/verify HTTP/1.1\r\n{head}{auth}\r\n', [400]],
    ['a path that begins with none', 'GET verify HTTP/1.1\r\n{head}{auth}\r\n', [400]],
    ['asterisk form', 'OPTIONS * HTTP/1.1\r\n{head}{auth}\r\n', [400]],
    ['an asterisk to look at', 'GET * HTTP/1.1\r\n{head}{auth}\r\n', [400]],
    ['CONNECT', 'CONNECT tokenctl:443 HTTP/1.1\r\n{head}{auth}\r\n', [400]],
    ['CONNECT to a path', 'CONNECT /verify HTTP/1.1\r\n{head}{auth}\r\n', [400]],
    ['a blank in the path', 'GET /ver ify HTTP/1.1\r\n{head}{auth}\r\n', [400]],
    ['a tab in the path', 'GET /verify\t HTTP/1.1\r\n{head}{auth}\r\n', [400]],
    ['a NUL in the path', 'GET /verify\0 HTTP/1.1\r\n{head}{auth}\r\n', [400]],
    ['a path that is not ASCII', 'GET /vérify HTTP/1.1\r\n{head}{auth}\r\n', [400, 404]],
    ['a NUL in a header', 'GET /verify HTTP/1.1\r\n{head}X: a\0b\r\n{auth}\r\n', [400]],
    ['a NUL in the token', 'GET /verify HTTP/1.1\r\n{head}Authorization: Bearer {token}\0\r\n\r\n', [400]],
    ['a control character', 'GET /verify HTTP/1.1\r\n{head}X: a\u0001b\r\n{auth}\r\n', [400]],
    ['a CR within', 'GET /verify HTTP/1.1\r\n{head}X: a\rb\r\n{auth}\r\n', [400]],
    ['a name with a blank', 'GET /verify HTTP/1.1\r\n{head}X Y: a\r\n{auth}\r\n', [400]],
    [
      'a blank before the colon',
      'GET /verify HTTP/1.1\r\n{head}Authorization : Bearer {token}\r\n\r\n',
      [400],
    ],
    ['no name', 'GET /verify HTTP/1.1\r\n{head}: a\r\n{auth}\r\n', [400]],
    ['no colon', 'GET /verify HTTP/1.1\r\n{head}X\r\n{auth}\r\n', [400]],
    ['a name that is not ASCII', 'GET /verify HTTP/1.1\r\n{head}é: a\r\n{auth}\r\n', [400]],
    [
      'a folded token',
      'GET /verify HTTP/1.1\r\n{head}Authorization: Bearer\r\n {token}x\r\n\r\n',
      [400, 401],
    ],
    ['a first header that is folded', 'GET /verify HTTP/1.1\r\n {head}{auth}\r\n', [400]],
    ['a length that is none', 'GET /verify HTTP/1.1\r\n{head}Content-Length: x\r\n{auth}\r\n', [400]],
    ['a length below nothing', 'GET /verify HTTP/1.1\r\n{head}Content-Length: -1\r\n{auth}\r\n', [400]],
    ['a signed length', 'GET /verify HTTP/1.1\r\n{head}Content-Length: +1\r\n{auth}\r\n', [400]],
    ['no length', 'GET /verify HTTP/1.1\r\n{head}Content-Length:\r\n{auth}\r\n', [400]],
    [
      'an endless length',
      'GET /verify HTTP/1.1\r\n{head}Content-Length: 99999999999999999999\r\n{auth}\r\n',
      [400],
    ],
    [
      'two lengths',
      'GET /verify HTTP/1.1\r\n{head}Content-Length: 0\r\nContent-Length: 5\r\n{auth}\r\n',
      [400],
    ],
    [
      'the same length twice',
      'GET /verify HTTP/1.1\r\n{head}Content-Length: 0\r\nContent-Length: 0\r\n{auth}\r\n',
      [400],
    ],
    ['a list of lengths', 'GET /verify HTTP/1.1\r\n{head}Content-Length: 0, 0\r\n{auth}\r\n', [400]],
    [
      'a length and chunks',
      'GET /verify HTTP/1.1\r\n{head}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n{auth}\r\n0\r\n\r\n',
      [400],
    ],
    [
      'chunks and a length',
      'GET /verify HTTP/1.1\r\n{head}Transfer-Encoding: chunked\r\nContent-Length: 5\r\n{auth}\r\n0\r\n\r\n',
      [400],
    ],
    [
      'an unknown encoding',
      'POST /introspect HTTP/1.1\r\n{head}{form}Transfer-Encoding: x\r\n{auth}\r\n{body}',
      [400],
    ],
    [
      'chunked, and not last',
      'POST /introspect HTTP/1.1\r\n{head}{form}Transfer-Encoding: chunked, gzip\r\n{auth}\r\n0\r\n\r\n',
      [400],
    ],
    [
      'a chunk that is too short',
      'POST /introspect HTTP/1.1\r\n{head}{form}Transfer-Encoding: chunked\r\n{auth}\r\n3\r\n{body}\r\n0\r\n\r\n',
      [400],
    ],
    [
      'a chunk without a length',
      'POST /introspect HTTP/1.1\r\n{head}{form}Transfer-Encoding: chunked\r\n{auth}\r\n\r\n{body}\r\n0\r\n\r\n',
      [400],
    ],
    [
      'a chunk of a length below nothing',
      'POST /introspect HTTP/1.1\r\n{head}{form}Transfer-Encoding: chunked\r\n{auth}\r\n-1\r\n{body}\r\n0\r\n\r\n',
      [400],
    ],
    [
      'a chunk of hexadecimal with 0x',
      'POST /introspect HTTP/1.1\r\n{head}{form}Transfer-Encoding: chunked\r\n{auth}\r\n0x{hex}\r\n{body}\r\n0\r\n\r\n',
      [400],
    ],
    [
      'an endless chunk',
      'POST /introspect HTTP/1.1\r\n{head}{form}Transfer-Encoding: chunked\r\n{auth}\r\nfffffffffffffffff\r\n{body}',
      [400],
    ],
    ['an expectation', 'GET /verify HTTP/1.1\r\n{head}Expect: x\r\n{auth}\r\n', [417]],
    ['a huge request line', `GET /verify?${'x'.repeat(9_000)} HTTP/1.1\r\n{head}{auth}\r\n`, [431]],
    ['a huge method', `${'X'.repeat(9_000)} /verify HTTP/1.1\r\n{head}{auth}\r\n`, [400]],
    ['a huge header', `GET /verify HTTP/1.1\r\n{head}X: ${'x'.repeat(9_000)}\r\n{auth}\r\n`, [431]],
    ['a huge name', `GET /verify HTTP/1.1\r\n{head}${'X'.repeat(9_000)}: x\r\n{auth}\r\n`, [431]],
    ['many headers', `GET /verify HTTP/1.1\r\n{head}${'ab: cd\r\n'.repeat(3_000)}{auth}\r\n`, [431]],
    [
      'a huge token',
      `GET /verify HTTP/1.1\r\n{head}Authorization: Bearer ${'x'.repeat(9_000)}\r\n\r\n`,
      [431],
    ],
  ])('%s', async (_what, request, statuses) => {
    served.said()
    const received = await served.raw(Buffer.from(filled(request), 'latin1'))
    const seen = statusesIn(received)
    expect(seen).toHaveLength(1)
    expect(statuses).toContain(seen[0])
    expect(received).not.toMatch(/x-tokenctl|"active"/i)
    expect(JSON.stringify(served.said())).not.toContain(token.slice(16))
    await stillServes()
  })
})

describe('what is smuggled in a body is no request', () => {
  const SMUGGLED = 'GET /verify HTTP/1.1\r\nHost: x\r\n{auth}\r\n'

  test.each([
    ['by its length', `GET /verify HTTP/1.1\r\nHost: x\r\nContent-Length: {smuggled}\r\n\r\n${SMUGGLED}`],
    [
      'in chunks',
      `GET /verify HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${SMUGGLED}`,
    ],
    ['of HEAD', `HEAD /verify HTTP/1.1\r\nHost: x\r\nContent-Length: {smuggled}\r\n\r\n${SMUGGLED}`],
    ['of a path that there is not', `GET /x HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc${SMUGGLED}`],
    ['longer than it is', `GET /verify HTTP/1.1\r\nHost: x\r\nContent-Length: 9999\r\n\r\n${SMUGGLED}`],
  ])('%s', async (_what, request) => {
    const text = filled(request.replace('{smuggled}', String(filled(SMUGGLED).length)))
    const received = await served.raw(text)
    expect(statusesIn(received)).toHaveLength(1)
    expect(received).toMatch(/^HTTP\/1\.1 40[14] [^]*\r\nConnection: close\r\n/)
  })
})

test('an upgrade is not made: it is a request as any other', async () => {
  const upgrade = 'Host: x\r\nConnection: close, upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: eA==\r\n'
  expect(statusesIn(await served.raw(`GET /verify HTTP/1.1\r\n${upgrade}\r\n`))).toEqual([401])
  expect(statusesIn(await served.raw(`GET /verify HTTP/1.1\r\n${upgrade}${bearer(token)}\r\n\r\n`))).toEqual([
    200,
  ])
})

test('requests that come at once are answered in their order', async () => {
  const one = (header: string): string => `GET /verify HTTP/1.1\r\nHost: x\r\n${header}\r\n`
  const received = await served.raw(
    filled(`${one('{auth}')}${one('')}${one('{auth}')}GET /readyz HTTP/1.1\r\n{head}\r\n`),
  )
  expect(statusesIn(received)).toEqual([200, 401, 200, 200])
})

test('what follows a good request and is none ends the connection', async () => {
  const received = await served.raw(filled('GET /verify HTTP/1.1\r\nHost: x\r\n{auth}\r\nhello\r\n\r\n'))
  expect(statusesIn(received).at(-1)).toBe(400)
})

/** A line may also end in a bare LF (RFC 9112, 2.2): it is then a line, and counted as one. */
test('lines that end in LF hide no second header', async () => {
  const received = await served.raw(
    filled(
      `GET /verify HTTP/1.1\n${HEAD.replaceAll('\r', '')}X: a\nAuthorization: Bearer {token}\nAuthorization: Bearer {token}\n\n`,
    ),
  )
  expect(statusesIn(received)).toEqual([400])
})

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { renameSync } from 'node:fs'
import { type IncomingMessage, request } from 'node:http'
import { dirname, join, resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Machine } from '../support/process.ts'

const EXAMPLES = resolve(import.meta.dirname, '../../examples')

interface Answer {
  readonly status: number | undefined
  readonly challenge: string | undefined
  readonly retryAfter: string | undefined
  readonly body: string
}

const machine = new Machine()
let good = ''
let forAnotherTable = ''
beforeAll(() => {
  machine.ok("tokenctl init && tokenctl role create analyst --allow 'select:sales.*'")
  machine.ok("tokenctl role create clerk --allow 'select:staff.*'")
  good = machine.ok('tokenctl client create BI --role analyst')
  forAnotherTable = machine.ok('tokenctl client create HR --role clerk')
})
afterAll(() => machine.remove())

describe.each(['express', 'fastify', 'hono'])('examples/%s, as it stands there', (name) => {
  let server: ChildProcess
  let url = ''

  beforeAll(async () => {
    server = spawn(process.execPath, [join(EXAMPLES, name, 'server.js')], {
      env: { ...machine.allEnvironment, PORT: '0' },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const ended = once(server, 'exit').then(() => Promise.reject(new Error('it ended as it began')))
    const [line] = (await Promise.race([once(server.stdout ?? server, 'data'), ended])) as [Buffer]
    url = line.toString().trim()
    ended.catch(() => {})
  })
  afterAll(() => {
    server.kill('SIGKILL')
  })

  /** @param authorization as many headers as are given */
  async function ask(...authorization: string[]): Promise<Answer> {
    const headers = authorization.flatMap((value) => ['Authorization', value])
    const asked = request(url, { headers: ['Host', new URL(url).host, ...headers], agent: false }).end()
    const [response] = (await once(asked, 'response')) as [IncomingMessage]
    return {
      status: response.statusCode,
      challenge: response.headers['www-authenticate'],
      retryAfter: response.headers['retry-after'],
      body: await text(response),
    }
  }

  test('a token that gives the permission is let through, and known by its client', async () => {
    for (const scheme of ['Bearer', 'bearer', 'BEARER ']) {
      const { status, body } = await ask(`${scheme} ${good}`)
      expect(status).toBe(200)
      expect(JSON.parse(body)).toEqual({ orders: [], for: 'BI' })
    }
  })

  test.each<[string, () => string[]]>([
    ['no token', () => []],
    ['two headers, the first of them good', () => [`Bearer ${good}`, `Bearer ${forAnotherTable}`]],
    ['two headers, the second of them good', () => ['Basic YTpi', `Bearer ${good}`]],
    ['two headers, both good', () => [`Bearer ${good}`, `Bearer ${good}`]],
    ['a good header and an empty one', () => [`Bearer ${good}`, '']],
    ['another scheme', () => [`Basic ${good}`]],
    ['a token without a scheme', () => [good]],
    ['more behind the token', () => [`Bearer ${good} ${good}`]],
  ])('%s: 401, and a challenge that says nothing else', async (_, headers) => {
    expect(await ask(...headers())).toMatchObject({
      status: 401,
      challenge: 'Bearer realm="orders"',
      body: '',
    })
  })

  test.each<[string, () => string]>([
    ['what is no token', () => 'x'],
    ['a mistyped one', () => good.replace(/.$/, (last) => (last === '0' ? '1' : '0'))],
    ['two with a comma', () => `${good},${good}`],
  ])('%s: 401, invalid_token', async (_, token) => {
    expect(await ask(`Bearer ${token()}`)).toMatchObject({
      status: 401,
      challenge: 'Bearer realm="orders", error="invalid_token"',
      body: '',
    })
  })

  test('a good token that does not give the permission: 403, naming it', async () => {
    expect(await ask(`Bearer ${forAnotherTable}`)).toMatchObject({
      status: 403,
      challenge: 'Bearer realm="orders", error="insufficient_scope", scope="select:sales.orders"',
      body: '',
    })
  })

  test('a client that is disabled meanwhile is refused from then on, and let through when it is enabled', async () => {
    machine.ok('tokenctl client disable BI')
    expect(await ask(`Bearer ${good}`)).toMatchObject({ status: 401, body: '' })
    machine.ok('tokenctl client enable BI')
    expect(await ask(`Bearer ${good}`)).toMatchObject({ status: 200 })
  })

  test('a store that is gone is no answer: 503, for good tokens and bad ones; and SIGTERM ends it well', async () => {
    const folder = dirname(machine.storePath)
    renameSync(folder, `${folder}-gone`)
    try {
      // It is looked for a few times a second.
      let answer = await ask(`Bearer ${good}`)
      while (answer.status === 200) answer = await ask(`Bearer ${good}`)
      expect(answer).toEqual({ status: 503, challenge: undefined, retryAfter: '1', body: '' })
      expect(await ask(`Bearer ${forAnotherTable}`)).toMatchObject({ status: 503 })
    } finally {
      renameSync(`${folder}-gone`, folder)
    }
    expect(await ask(`Bearer ${good}`)).toMatchObject({ status: 200 })

    server.kill('SIGTERM')
    expect(await once(server, 'exit')).toEqual([0, null])
  })
})

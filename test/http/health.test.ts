import { unlinkSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Tallies } from '../../src/http/tallies.ts'
import { handlerOf } from '../../src/http/handler.ts'

import { bearer, Served } from '../support/http.ts'
import { World } from '../support/world.ts'

/** The series of a page of metrics, by their names and labels. */
const seriesOf = (page: string): Record<string, number> =>
  Object.fromEntries(
    page
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => /^(.*) (\S+)$/.exec(line) ?? [])
      .map(([, name = '', value]) => [name, Number(value)]),
  )

describe('a server over a store', () => {
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
  const metrics = async (): Promise<Record<string, number>> => seriesOf((await served.get('/metrics')).body)

  test('says that it is there, and ready', async () => {
    const answer = { status: 200, body: '', headers: { 'cache-control': 'no-store' } }
    expect(await served.get('/healthz?x=1')).toMatchObject(answer)
    expect(await served.get('/readyz')).toMatchObject(answer)
  })

  test('counts verdicts by their reasons, requests by route and status, and nothing else', async () => {
    const before = await metrics()
    const verdicts = Object.keys(before).filter((name) => name.startsWith('tokenctl_verdicts_total'))
    expect(verdicts).toHaveLength(9)
    await served.get('/verify', bearer(token))
    await served.get('/verify', bearer(token))
    await served.get('/verify', bearer('x'))
    await served.get('/verify?permission=select:tokenctl/x&scope=nowhere', bearer(token))
    for (let i = 0; i < 20; i++) await served.get(`/made-up-${i}`, bearer(`made-up-${i}`))
    await served.raw('hello\r\n\r\n')
    const after = await metrics()
    const changed = Object.fromEntries(
      Object.entries(after)
        .map(([name, value]) => [name, value - (before[name] ?? 0)] as const)
        .filter(([name, value]) => value !== 0 && !/seconds_(bucket|sum)|uses_|batches/.test(name)),
    )
    expect(changed).toEqual({
      'tokenctl_verdicts_total{verdict="valid"}': 3,
      'tokenctl_verdicts_total{verdict="malformed"}': 1,
      tokenctl_verdict_duration_seconds_count: 4,
      'tokenctl_http_requests_total{route="verify",code="200"}': 3,
      'tokenctl_http_requests_total{route="verify",code="401"}': 1,
      'tokenctl_http_requests_total{route="other",code="404"}': 20,
      'tokenctl_http_requests_total{route="other",code="400"}': 1,
      'tokenctl_http_requests_total{route="metrics",code="200"}': 1,
      tokenctl_cache_hits_total: 2,
      tokenctl_cache_misses_total: 1,
      tokenctl_cache_entries: 1,
    })
  })

  test('shows no token and no client', async () => {
    const { body, headers } = await served.get('/metrics')
    expect(headers['content-type']).toMatch(/^text\/plain/)
    expect(body).not.toMatch(/BI|tkc|tester/)
  })
})

describe('a store that cannot be asked', () => {
  test('503 from /verify, /introspect and /readyz, and 200 from /healthz', async () => {
    const world = new World()
    const token = await world.ok('client', 'create', 'BI', '--role', 'admin')
    let clock = 0
    world.changes = { elapsed: () => (clock += 1_000) }
    const served = await Served.by(world)
    try {
      expect((await served.get('/verify', bearer(token))).status).toBe(200)
      unlinkSync(world.storePath)
      served.said()
      const unavailable = { status: 503, body: 'unavailable\n', headers: { 'retry-after': '1' } }
      expect(await served.get('/verify', bearer(token))).toMatchObject(unavailable)
      expect(await served.get('/readyz')).toMatchObject(unavailable)
      const form = 'Content-Type: application/x-www-form-urlencoded'
      expect(await served.post('/introspect', 'token=x', form, bearer(token))).toMatchObject(unavailable)
      expect(served.said()).toMatchObject(
        ['verify', 'readyz', 'introspect'].map((route) => ({
          event: 'failed',
          route,
          status: 503,
          reason: 'unavailable',
          cause: expect.stringMatching(/was removed or replaced$/),
        })),
      )
      expect((await served.get('/healthz')).status).toBe(200)
      expect(seriesOf((await served.get('/metrics')).body)).toMatchObject({ tokenctl_store_errors_total: 3 })
    } finally {
      await served.stop()
      await world.end()
    }
  })

  test('a name that cannot stand in a header: 503', async () => {
    const world = new World()
    const token = await world.ok('client', 'create', 'BI', '--role', 'admin')
    await world.sql("update client set name = 'B' || char(13) || char(10) || 'X-Tokenctl-Role: root'")
    const served = await Served.by(world)
    try {
      const answer = await served.get('/verify', bearer(token))
      expect(answer).toMatchObject({ status: 503, headers: { 'retry-after': '1' } })
      expect(Object.keys(answer.headers).filter((name) => name.startsWith('x-'))).toEqual([])
      expect(served.said()).toMatchObject([{ event: 'failed', status: 503, reason: 'ERR_INVALID_CHAR' }])
    } finally {
      await served.stop()
      await world.end()
    }
  })
})

describe('whatever a verdict throws is 503', () => {
  test.each<[what: string, thrown: Error]>([
    ['an error', new Error('broken')],
    ['a string', 'broken' as unknown as Error],
    ['nothing', undefined as unknown as Error],
    ['null', null as unknown as Error],
  ])('%s', async (_what, thrown) => {
    const broken = (): Promise<never> => Promise.reject(thrown)
    const handler = handlerOf({ verify: broken, check: broken }, broken)
    const rawHeaders = ['Authorization', 'Bearer x', 'Content-Type', 'application/x-www-form-urlencoded']
    const asked = (method: string, target: string): ReturnType<typeof handler> =>
      handler({ method, target, rawHeaders, body: async () => new TextEncoder().encode('token=x') })
    for (const target of ['/verify', '/readyz', '/metrics']) {
      expect(await asked('GET', target)).toMatchObject({ response: { status: 503 } })
    }
    expect(await asked('POST', '/introspect')).toMatchObject({ response: { status: 503 } })
  })
})

test('durations are counted by their bounds', () => {
  const tallies = new Tallies()
  for (const seconds of [0, 0.0001, 0.0002, 4.9, 5, 5.1, Infinity]) tallies.verdict('valid', seconds)
  expect(tallies.durations).toEqual([2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 2])
})

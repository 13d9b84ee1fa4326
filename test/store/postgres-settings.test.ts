import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { type Settings, settingsOf } from '../../src/store/postgres-settings.ts'
import { databaseAt } from '../../src/core/place.ts'
import { World } from '../support/world.ts'

const world = new World()
beforeAll(() => {
  mkdirSync(join(world.folder, '.postgresql'))
  for (const name of ['root.crt', 'named.crt']) writeFileSync(join(world.folder, '.postgresql', name), name)
})
beforeEach(() => {
  world.environment = { HOME: world.folder }
})
afterAll(() => world.remove())

function settings(text: string): Settings {
  const place = databaseAt('--store', text)
  if (place.kind !== 'database') throw new Error(text)
  return settingsOf(place.url, world.system())
}

describe('what a URL and the environment say of a connection, as libpq takes it', () => {
  test.each([
    ['postgres://a@h/d', { host: 'h', port: 5432, user: 'a', database: 'd', timeout: 10 }],
    ['postgres://a@h:5433', { port: 5433, database: 'a' }],
    ['postgres://h', { user: 'tester', database: 'tester' }],
    ['postgres://%61:x@h/%64%2F', { user: 'a', database: 'd/' }],
    ['postgres://a@[::1]/d', { host: '::1' }],
    ['postgres://a@%2Frun%2Fsockets/d', { host: '/run/sockets', attempts: [null] }],
    ['postgres:///d?host=/run/sockets&user=b&port=5434', { host: '/run/sockets', user: 'b', port: 5434 }],
    ['postgres://a@/d?host=/run/sockets', { host: '/run/sockets', user: 'a' }],
    ['postgres://a@h/d?dbname=e&user=b&host=i', { host: 'i', user: 'b', database: 'e' }],
    ['postgres://a@h/d?port=', { port: 5432 }],
    ['postgres://a@h/d?connect_timeout=3&application_name=x', { timeout: 3, applicationName: 'x' }],
    ['postgres://a@h/d?options=-c%20geqo%3Doff', { options: '-c geqo=off' }],
  ])('%s', (text, expected) => {
    expect(settings(text)).toMatchObject(expected)
  })

  test('the environment says what the URL does not', () => {
    Object.assign(world.environment, {
      PGHOST: 'e',
      PGPORT: '1',
      PGUSER: 'e',
      PGDATABASE: 'e',
      PGPASSWORD: 'e',
    })
    expect(settings('postgres://')).toMatchObject({ host: 'e', port: 1, user: 'e', database: 'e' })
    expect(settings('postgres://').password()).toBe('e')
    expect(settings('postgres://a:x@h:2/d')).toMatchObject({ host: 'h', port: 2, user: 'a', database: 'd' })
    expect(settings('postgres://a:x@h:2/d').password()).toBe('x')
  })

  test.each([
    ['postgres://a@h/d?sslmod=require', 'unknown'],
    ['postgres://a@h/d?toString=x', 'unknown'],
    ['postgres://a@h/d?sslpassword=hunter2', 'unknown'],
    ['postgres://a@h,i/d', 'one host'],
    ['postgres://a@h/d?port=65536', 'not a port'],
    ['postgres://a@h/d?port=-1', 'not a port'],
    ['postgres://a@h/d?sslmode=REQUIRE', 'not an sslmode'],
    ['postgres://a@h/d?sslrootcert=system&sslmode=verify-ca', 'verify-full'],
  ])('%s is refused', (text, words) => {
    expect(() => settings(text)).toThrow(words)
  })

  test.each([
    ['PGCHANNELBINDING', 'require'],
    ['PGGSSENCMODE', 'require'],
    ['PGREQUIREAUTH', 'scram-sha-256'],
  ])('%s=%s asks for what cannot be had', (name, value) => {
    world.environment[name] = value
    expect(() => settings('postgres://a@h/d')).toThrow(name)
  })
})

describe('which certificate will do', () => {
  const ROOT = { ca: 'root.crt', rejectUnauthorized: true }
  const ANY = { rejectUnauthorized: false, checksHost: false }

  test.each([
    ['disable', [null]],
    ['allow', [null, { ...ROOT, checksHost: false }]],
    ['prefer', [{ ...ROOT, checksHost: false }, null]],
    ['require', [{ ...ROOT, checksHost: false }]],
    ['verify-ca', [{ ...ROOT, checksHost: false }]],
    ['verify-full', [{ ...ROOT, checksHost: true }]],
  ])('with a root certificate in ~/.postgresql, under sslmode=%s', (mode, attempts) => {
    expect(settings(`postgres://a@h/d?sslmode=${mode}`).attempts).toEqual(attempts)
  })

  test.each([
    ['allow', [null, ANY]],
    ['prefer', [ANY, null]],
    ['require', [ANY]],
  ])('without one, under sslmode=%s', (mode, attempts) => {
    world.environment.HOME = '/nonexistent'
    expect(settings(`postgres://a@h/d?sslmode=${mode}`).attempts).toEqual(attempts)
  })

  test.each(['verify-ca', 'verify-full'])('without one, sslmode=%s is refused', (mode) => {
    world.environment.HOME = '/nonexistent'
    expect(() => settings(`postgres://a@h/d?sslmode=${mode}`)).toThrow('there is none')
  })

  test('PGSSLROOTCERT names another, and the URL a third', () => {
    const named = join(world.folder, '.postgresql/named.crt')
    world.environment.PGSSLROOTCERT = named
    expect(settings('postgres://a@h/d?sslmode=require').attempts).toMatchObject([{ ca: 'named.crt' }])
    world.environment.PGSSLROOTCERT = '/nonexistent'
    expect(() => settings('postgres://a@h/d?sslmode=require')).toThrow('cannot read /nonexistent')
    expect(settings(`postgres://a@h/d?sslmode=require&sslrootcert=${named}`).attempts).toMatchObject([
      { ca: 'named.crt' },
    ])
  })

  test("sslrootcert=system is the system's authorities, and verify-full", () => {
    world.environment.SSL_CERT_FILE = join(world.folder, '.postgresql/named.crt')
    expect(settings('postgres://a@h/d?sslrootcert=system').attempts).toEqual([
      { ca: 'named.crt', rejectUnauthorized: true, checksHost: true },
    ])
  })

  test('a private key without a certificate is not looked at', () => {
    writeFileSync(join(world.folder, '.postgresql/postgresql.key'), 'key', { mode: 0o644 })
    expect(settings('postgres://a@h/d?sslmode=require').attempts).toMatchObject([ROOT])
    writeFileSync(join(world.folder, '.postgresql/postgresql.crt'), 'certificate')
    expect(() => settings('postgres://a@h/d?sslmode=require')).toThrow('others can read the private key')
  })

  test('through a Unix socket none is asked for', () => {
    expect(settings('postgres:///d?host=/run/sockets&sslmode=verify-full').attempts).toEqual([null])
  })
})

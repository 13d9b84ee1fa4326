import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { Authority } from '../support/certificates.ts'
import { PostgresServer } from '../support/postgres.ts'
import { type World, worldOn } from '../support/world.ts'

/** Each is let in another way. */
const ACCESS = `
local all postgres trust
host all postgres 127.0.0.1/32 reject
hostssl all secure 127.0.0.1/32 trust
hostnossl all plain 127.0.0.1/32 trust
hostssl all certified 127.0.0.1/32 cert
hostssl all checked 127.0.0.1/32 trust clientcert=verify-ca
host all tokenctl 127.0.0.1/32 trust`
const PEOPLE = ['secure', 'plain', 'certified', 'checked']

const ours = new Authority('ours')
const theirs = new Authority('theirs')
const valid = ours.make({ name: 'localhost', also: 'DNS:localhost' })
afterAll(() => {
  for (const authority of [ours, theirs]) authority.remove()
})

let server: PostgresServer
let world: World
let place: URL

async function started(settings: Readonly<Record<string, string>>): Promise<void> {
  const files = {
    'pg_hba.conf': settings.ssl === 'on' ? ACCESS : ACCESS.replaceAll(/^hostssl.*$/gm, ''),
    'server.crt': valid.certificate,
    'server.key': valid.key,
    'root.crt': ours.certificate,
  }
  server = await PostgresServer.start({ settings: { log_connections: 'on', ...settings }, files })
  world = await worldOn('PostgreSQL', server)
  place = new URL(world.storePath)
  await world.makeStore()
  for (const name of PEOPLE) await server.query('postgres', `create role ${name} login in role tokenctl`)
}

async function removed(): Promise<void> {
  world.remove()
  await server.remove()
}

beforeEach(() => {
  world.environment = { HOME: world.folder }
  rmSync(join(world.folder, '.postgresql'), { recursive: true, force: true })
  mkdirSync(join(world.folder, '.postgresql'))
})

function file(name: string, text: string, mode = 0o600): string {
  const path = join(world.folder, '.postgresql', name)
  writeFileSync(path, text)
  chmodSync(path, mode)
  return path
}

/** The exit code, how the connection was protected, and what was said. */
async function reaching(
  parameters: string,
  { user = 'tokenctl', host = 'localhost' } = {},
): Promise<{ readonly code: number; readonly by: string; readonly said: string }> {
  const url = new URL(place)
  Object.assign(url, { username: user, hostname: host, search: parameters })
  world.environment.TOKENCTL_STORE = url.href
  const before = server.log.length
  const { code, stderr } = await world.run('whoami')
  const [authorized = ''] = /connection authorized: user=.*/.exec(server.log.slice(before)) ?? []
  if (code !== 0) expect(stderr).toMatch(/^tokenctl: [^\n]+\n(hint: [^\n]+\n)?$/)
  return {
    code,
    by: authorized === '' ? '' : authorized.includes('SSL enabled') ? 'TLS' : 'clear',
    said: stderr,
  }
}

const safely = (reason: string): unknown => ({
  code: 8,
  by: '',
  said: expect.stringContaining(`cannot be reached safely: ${reason}`),
})

describe('a server with TLS', () => {
  beforeAll(() => started({ ssl: 'on', ssl_ca_file: 'root.crt' }))
  afterAll(removed)

  test.each([
    ['disable', 'clear'],
    ['allow', 'clear'],
    ['prefer', 'TLS'],
    ['require', 'TLS'],
  ])('under sslmode=%s is reached by %s', async (mode, by) => {
    expect(await reaching(`sslmode=${mode}`)).toMatchObject({ code: 0, by })
    world.environment.PGSSLMODE = mode
    expect(await reaching('')).toMatchObject({ code: 0, by })
  })

  test('unasked is reached by TLS', async () => {
    expect(await reaching('')).toMatchObject({ code: 0, by: 'TLS' })
  })

  test.each([
    ['allow', 'secure', 'TLS'],
    ['prefer', 'secure', 'TLS'],
    ['allow', 'plain', 'clear'],
    ['prefer', 'plain', 'clear'],
  ])('under sslmode=%s lets %s in by %s, which is the only way', async (mode, user, by) => {
    expect(await reaching(`sslmode=${mode}`, { user })).toMatchObject({ code: 0, by })
  })

  test.each([
    ['disable', 'secure', 'no encryption'],
    ['require', 'plain', 'SSL encryption'],
  ])('under sslmode=%s does not let %s in', async (mode, user, words) => {
    const { code, said } = await reaching(`sslmode=${mode}`, { user })
    expect({ code, said }).toEqual({ code: 8, said: expect.stringContaining(words) })
  })

  describe.each(['verify-ca', 'verify-full'])('under sslmode=%s', (mode) => {
    test('is known by ~/.postgresql/root.crt', async () => {
      file('root.crt', ours.certificate)
      expect(await reaching(`sslmode=${mode}`)).toMatchObject({ code: 0, by: 'TLS' })
    })

    test('is known by sslrootcert, or PGSSLROOTCERT', async () => {
      const path = file('another.crt', ours.certificate)
      expect(await reaching(`sslmode=${mode}&sslrootcert=${path}`)).toMatchObject({ code: 0, by: 'TLS' })
      world.environment.PGSSLROOTCERT = path
      expect(await reaching(`sslmode=${mode}`)).toMatchObject({ code: 0, by: 'TLS' })
    })

    test('is known by one certificate of several', async () => {
      file('root.crt', theirs.certificate + ours.certificate)
      expect(await reaching(`sslmode=${mode}`)).toMatchObject({ code: 0, by: 'TLS' })
    })

    test('is refused by the certificate of somebody else', async () => {
      file('root.crt', theirs.certificate)
      expect(await reaching(`sslmode=${mode}`)).toEqual(
        safely('self-signed certificate in certificate chain'),
      )
    })

    test('is refused by what is no certificate', async () => {
      file('root.crt', 'dear diary')
      expect(await reaching(`sslmode=${mode}`)).toEqual(
        safely('self-signed certificate in certificate chain'),
      )
    })

    test('is refused without a certificate to know it by', async () => {
      const { code, said } = await reaching(`sslmode=${mode}`)
      expect({ code, said }).toEqual({
        code: 8,
        said: `tokenctl: sslmode=${mode} needs a root certificate, and there is none
hint: name its file with sslrootcert, or sslrootcert=system for the usual authorities
`,
      })
    })
  })

  test('of another name is refused by verify-full alone', async () => {
    file('root.crt', ours.certificate)
    const there = { host: '127.0.0.1' }
    expect(await reaching('sslmode=verify-ca', there)).toMatchObject({ code: 0, by: 'TLS' })
    expect(await reaching('sslmode=verify-full', there)).toEqual(
      safely("Hostname/IP does not match certificate's altnames"),
    )
  })

  test.each(['allow', 'prefer', 'require'])(
    'is refused by a root certificate that is there also under sslmode=%s',
    async (mode) => {
      file('root.crt', theirs.certificate)
      const user = mode === 'allow' ? 'secure' : 'tokenctl'
      expect(await reaching(`sslmode=${mode}`, { user })).toEqual(
        safely('self-signed certificate in certificate chain'),
      )
    },
  )

  test("under sslrootcert=system is known by the system's authorities, and by no others", async () => {
    file('root.crt', ours.certificate)
    expect(await reaching('sslrootcert=system')).toMatchObject({ code: 8, by: '' })
    world.environment.SSL_CERT_FILE = file('all.crt', theirs.certificate + ours.certificate)
    expect(await reaching('sslrootcert=system')).toMatchObject({ code: 0, by: 'TLS' })
    expect(await reaching('sslrootcert=system', { host: '127.0.0.1' })).toMatchObject({ code: 8, by: '' })
  })

  test.each(['certified', 'checked'])('asks %s for a certificate', async (user) => {
    expect(await reaching('', { user })).toMatchObject({
      code: 8,
      said: expect.stringContaining('refused the login: connection requires a valid client certificate'),
    })
    const { certificate, key } = ours.make({ name: user })
    const [sslcert, sslkey] = [file('own.crt', certificate), file('own.key', key)]
    expect(await reaching(`sslcert=${sslcert}&sslkey=${sslkey}`, { user })).toMatchObject({
      code: 0,
      by: 'TLS',
    })
    Object.assign(world.environment, { PGSSLCERT: sslcert, PGSSLKEY: sslkey })
    expect(await reaching('', { user })).toMatchObject({ code: 0 })
    world.environment = { HOME: world.folder }
    file('postgresql.crt', certificate)
    file('postgresql.key', key)
    expect(await reaching('', { user })).toMatchObject({ code: 0, by: 'TLS' })
  })

  test('does not take the certificate of somebody else', async () => {
    const other = ours.make({ name: 'alice' })
    file('postgresql.crt', other.certificate)
    file('postgresql.key', other.key)
    expect(await reaching('sslmode=require', { user: 'certified' })).toMatchObject({
      code: 8,
      said: expect.stringContaining(
        'refused the login: certificate authentication failed for user "certified"',
      ),
    })
  })

  test('does not take a certificate by somebody else', async () => {
    const foreign = theirs.make({ name: 'certified' })
    file('postgresql.crt', foreign.certificate)
    file('postgresql.key', foreign.key)
    expect(await reaching('sslmode=require', { user: 'certified' })).toMatchObject({ code: 8, by: '' })
  })

  test('is not shown a private key that others can read, nor one that is of no use', async () => {
    const { certificate, key } = ours.make({ name: 'certified' })
    file('postgresql.crt', certificate)
    for (const mode of [0o644, 0o604, 0o660, 0o650]) {
      const path = file('postgresql.key', key, mode)
      expect(await reaching('', { user: 'certified' })).toEqual({
        code: 8,
        by: '',
        said: `tokenctl: others can read the private key ${path}\nhint: chmod 600 ${path}\n`,
      })
    }
    for (const text of [ours.make({ name: 'certified' }).key, 'dear diary', ENCRYPTED]) {
      file('postgresql.key', text)
      expect(await reaching('', { user: 'certified' })).toEqual(safely(''))
    }
  })

  test('whose certificate has expired is refused where it is looked at', async () => {
    const expired = ours.make({ name: 'localhost', also: 'DNS:localhost', isExpired: true })
    writeFileSync(join(server.folder, 'server.crt'), expired.certificate)
    writeFileSync(join(server.folder, 'server.key'), expired.key)
    await server.restart()
    expect(await reaching('sslmode=require')).toMatchObject({ code: 0, by: 'TLS' })
    file('root.crt', ours.certificate)
    for (const mode of ['require', 'verify-ca', 'verify-full']) {
      expect(await reaching(`sslmode=${mode}`)).toEqual(safely('certificate has expired'))
    }
  })
})

/** Its password is nowhere. */
const ENCRYPTED = `-----BEGIN RSA PRIVATE KEY-----
Proc-Type: 4,ENCRYPTED
DEK-Info: AES-128-CBC,2B9A9F8E0C7D6B5A4F3E2D1C0B9A8F7E

AAAAAAAAAAAAAAAAAAAAAA==
-----END RSA PRIVATE KEY-----
`

describe('a server without TLS', () => {
  beforeAll(() => started({}))
  afterAll(removed)

  test.each(['disable', 'allow', 'prefer'])('under sslmode=%s is reached in clear', async (mode) => {
    expect(await reaching(`sslmode=${mode}`)).toMatchObject({ code: 0, by: 'clear' })
  })

  test.each(['require', 'verify-ca', 'verify-full'])('under sslmode=%s is not reached', async (mode) => {
    file('root.crt', ours.certificate)
    expect(await reaching(`sslmode=${mode}`)).toEqual(safely('The server does not support SSL connections'))
  })
})

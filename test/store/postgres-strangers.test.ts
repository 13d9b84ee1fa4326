import type { Socket } from 'node:net'
import { afterAll, afterEach, describe, expect, test } from '@jest/globals'
import { Stranger } from '../support/stranger.ts'
import { World } from '../support/world.ts'

const PASSWORD = 'hunter2-hunter2'
/** What asks for TLS, and nothing else (PostgreSQL manual, 54.2.9). */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47])

const world = new World()
let stranger: Stranger
afterEach(() => stranger.close())
afterAll(() => world.remove())

/** A message of a server's (54.7). */
function message(letter: string, ...parts: (string | number)[]): Buffer {
  const body = Buffer.concat(
    parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from([0, 0, 0, part]))),
  )
  const header = Buffer.from([letter.charCodeAt(0), 0, 0, 0, 0])
  header.writeUInt32BE(body.length + 4, 1)
  return Buffer.concat([header, body])
}

const ANSWERS = {
  'that it wants a proof by Kerberos': message('R', 7),
  'that it wants one that nobody knows': message('R', 99),
  'that it wants one by a mechanism that nobody knows': message('R', 10, 'OAUTHBEARER\0\0'),
  'an error with a password in many lines': message('E', 'SFATAL\0C28P01\0Mno\nand no\0\0'),
  'a web page': 'HTTP/1.1 400 Bad Request\r\n\r\n',
  'a message without an end': 'SSH-2.0-OpenSSH\r\n',
  nothing: '',
} as const

/** @param talk with each that comes; the line is never closed by the stranger */
async function meeting(
  parameters: string,
  talk: (socket: Socket) => void,
): Promise<{ readonly code: number; readonly said: string; readonly heard: Buffer }> {
  stranger = await Stranger.at(talk)
  world.environment.TOKENCTL_STORE = `postgres://alice:${PASSWORD}@127.0.0.1:${stranger.port}/d?connect_timeout=1&${parameters}`
  const { code, stdout, stderr } = await world.run('token', 'list')
  expect(stderr).toMatch(/^tokenctl: the store at [^\n]+\n(hint: [^\n]+\n)?$/)
  expect(stdout + stderr).not.toContain(PASSWORD)
  return { code, said: stderr, heard: stranger.heard }
}

describe('somebody else listens where the database should', () => {
  test.each(Object.entries(ANSWERS))('and says %s', async (_, answer) => {
    const { code, heard } = await meeting('sslmode=disable', (socket) =>
      socket.once('data', () => socket.write(answer)),
    )
    expect(code).toBe(8)
    expect(heard.toString('latin1')).not.toContain(PASSWORD)
  })

  test.each(Object.entries(ANSWERS))('and answers the question for TLS with %s', async (_, answer) => {
    const { code } = await meeting('sslmode=require', (socket) =>
      socket.once('data', () => socket.write(answer)),
    )
    expect(code).toBe(8)
  })

  test('and knows no more of the password than we have told', async () => {
    const { code, said, heard } = await meeting('sslmode=disable', (socket) => {
      socket.once('data', () => socket.write(message('R', 10, 'SCRAM-SHA-256\0\0')))
      socket.on('data', (data) => {
        if (data[0] === 'p'.charCodeAt(0)) socket.write(message('R', 11, 'r=another,s=AAAA,i=4096'))
      })
    })
    expect(code).toBe(8)
    expect(said).toContain('cannot be reached safely')
    expect(heard.toString('latin1')).not.toContain(PASSWORD)
  })

  test.each([
    ['57P03', 'the database system is starting up', 'cannot be reached: the database system is starting up'],
    ['58030', 'could not read file', 'cannot be used: could not read file'],
    ['0A000', 'unsupported frontend protocol', 'cannot be used: unsupported frontend protocol'],
  ])('and fails with %s', async (sqlstate, text, reason) => {
    const { code, said } = await meeting('sslmode=disable', (socket) =>
      socket.once('data', () => socket.write(message('E', `SFATAL\0VFATAL\0C${sqlstate}\0M${text}\0\0`))),
    )
    expect({ code, said }).toEqual({ code: 8, said: expect.stringContaining(reason) })
  })

  test('and hangs up', async () => {
    const { code, said } = await meeting('sslmode=disable', (socket) => socket.end())
    expect({ code, said }).toEqual({ code: 8, said: expect.stringContaining('the connection was lost') })
  })
})

describe('somebody in between says that the database knows no TLS', () => {
  const no = (socket: Socket): void => {
    socket.once('data', () => socket.write('N'))
  }

  test.each(['require', 'verify-ca', 'verify-full'])(
    'under sslmode=%s nothing more is said',
    async (mode) => {
      const root = mode === 'require' ? '' : `&sslrootcert=${import.meta.filename}`
      const { code, said, heard } = await meeting(`sslmode=${mode}${root}`, no)
      expect({ code, heard }).toEqual({ code: 8, heard: SSL_REQUEST })
      expect(said).toContain('cannot be reached safely: The server does not support SSL connections')
    },
  )

  test('under sslmode=prefer it is believed', async () => {
    const { heard } = await meeting('sslmode=prefer', no)
    expect(heard.subarray(0, 8)).toEqual(SSL_REQUEST)
    expect(heard.toString('latin1')).toContain('user\0alice\0')
  })
})

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { System } from '../../src/system.ts'
import { World } from '../support/world.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND

/** The end of a process, at one moment of its work. What it had made by then is known here, whether it left or not. */
class End {
  secret = ''
  reached = false
  #isDead = false
  #tell = (): void => {}
  readonly isReached = new Promise<void>((resolve) => (this.#tell = resolve))

  /** What it waits for never comes. */
  here(text: string): Promise<never> {
    this.#reach(text)
    return new Promise(() => {})
  }

  /** Where nothing can be waited for: a transaction is not committed, and nothing is written from here on. */
  inMidAir(text = ''): never {
    this.#reach(text)
    this.#isDead = true
    throw new Error('killed')
  }

  hold(): () => void {
    if (this.#isDead) throw new Error('killed')
    return () => {}
  }

  #reach(text: string): void {
    this.secret = /[a-z0-9]+_[0-9A-Za-z]{61}/.exec(text)?.[0] ?? ''
    this.reached = true
    this.#tell()
  }
}

/** What to change of the system so that the next process ends at a moment. */
type Moment = (system: System, end: End) => Partial<System>

const beforeTheSecret: Moment = (_, end) => ({ randomBytes: () => end.inMidAir() })

/** A moment earlier or later: to the store it is the same, and what matters is whether anybody has what was written. */
const writing: Moment = ({ stdout }, end) => ({ stdout: { ...stdout, write: (text) => end.here(text) } })

const atTheClipboard: Moment = (_, end) => ({
  clipboard: { isLikely: true, copy: (text) => end.here(text) },
})

const beforeTheFile: Moment = ({ files }, end) => ({
  files: { ...files, writeSecret: (_, text) => end.inMidAir(text) },
})

/** The rest of the answer is on its way, and a file that is replaced still in its place. */
const withTheFileWritten: Moment = ({ files, stdout }, end) => {
  let written = ''
  return {
    files: {
      ...files,
      writeSecret(path, text, replace) {
        written = text
        return files.writeSecret(path, text, replace)
      },
    },
    stdout: { ...stdout, write: () => end.here(written) },
  }
}

const withTheFileInPlace: Moment = ({ files }, end) => ({
  files: {
    ...files,
    writeSecret(path, text, replace) {
      const file = files.writeSecret(path, text, replace)
      return {
        commit() {
          file.commit()
          end.inMidAir(text)
        },
        discard() {},
      }
    },
  },
})

/** Runs a command line up to that moment, and no further. @returns the secret that it had made */
async function killed(world: World, moment: Moment, ...argv: string[]): Promise<string> {
  const end = new End()
  const changes = moment(world.system(), end)
  world.changes = { ...changes, holdSignals: () => end.hold() }
  await Promise.race([world.run(...argv), end.isReached])
  if (!end.reached) throw new Error(`${argv.join(' ')}: it never came to that moment`)
  world.changes = {}
  return end.secret
}

/** How far it came; nobody has the secret. */
const NEVER_LEFT: readonly (readonly [string, Moment, string[]])[] = [
  ['about to write to standard output', writing, []],
  ['about to write to a file', beforeTheFile, ['--secret-file', 'secret']],
]

/** How far it came; somebody has the secret. */
const LEFT: readonly (readonly [string, Moment, string[]])[] = [
  ['having written to standard output', writing, []],
  [
    'having written the file, and not yet the rest of the answer',
    withTheFileWritten,
    ['--secret-file', 'secret'],
  ],
  ['having written everything', withTheFileInPlace, ['--secret-file', 'secret']],
  ['having replaced the file', withTheFileInPlace, ['--secret-file', 'secret', '--replace']],
]

let world: World
const inWorld = (name: string): string => join(world.folder, name)
const placed = (argv: readonly string[]): string[] =>
  argv.map((word) => (word === 'secret' ? inWorld(word) : word))

beforeEach(() => {
  world = new World()
})
afterEach(() => world.remove())

describe('token regenerate, killed', () => {
  let earlier: string
  beforeEach(async () => {
    earlier = await world.ok('client', 'create', 'BI', '--role', 'user')
  })
  const regenerate = (...options: string[]): string[] => [
    'token',
    'regenerate',
    'BI',
    '--yes',
    ...placed(options),
  ]
  const pendingSince = async (): Promise<unknown> =>
    ((await world.json('token', 'show', 'BI')) as { pendingSince: unknown }).pendingSince

  test('before it made a secret: nothing is under way, and the next one goes through', async () => {
    expect(await killed(world, beforeTheSecret, ...regenerate())).toBe('')
    expect(await pendingSince()).toBeNull()
    expect(await world.verify(earlier)).toBe(0)
    const present = await world.ok(...regenerate())
    expect([await world.verify(earlier), await world.verify(present)]).toEqual([11, 0])
  })

  describe.each([...NEVER_LEFT, ...LEFT])('%s', (_, moment, options) => {
    test('the earlier secret works, however long it takes', async () => {
      const secret = await killed(world, moment, ...regenerate(...options))
      expect(secret).not.toBe(earlier)
      expect(await pendingSince()).not.toBeNull()
      for (const wait of [0, SECOND, MINUTE, 20 * MINUTE, 24 * 60 * MINUTE]) {
        world.now += wait
        expect(await world.verify(earlier)).toBe(0)
      }
    })

    test('what nobody used within 15 minutes never becomes active', async () => {
      const secret = await killed(world, moment, ...regenerate(...options))
      world.now += 15 * MINUTE
      expect(await world.verify(secret)).toBe(11)
      expect(await world.verify(earlier)).toBe(0)
    })

    test('for a minute a second regenerate is told since when, and by whom; then it goes through', async () => {
      const secret = await killed(world, moment, ...regenerate(...options))
      world.now += 59 * SECOND
      expect(await world.run(...regenerate())).toEqual({
        code: 4,
        stdout: '',
        stderr:
          `tokenctl: a new secret for token ${earlier.slice(0, -49)} has been under way for 59 s, by tester\n` +
          'hint: if that command is gone, wait a minute and try again\n',
      })
      expect(await world.verify(earlier)).toBe(0)

      world.now += SECOND
      const present = await world.ok(...regenerate())
      expect(await Promise.all([earlier, secret].map((token) => world.verify(token)))).toEqual([11, 11])
      expect(await world.verify(present)).toBe(0)
    })
  })

  describe.each(LEFT)('%s', (_, moment, options) => {
    test('the first use within 15 minutes makes the new secret the present one, and ends the earlier', async () => {
      const secret = await killed(world, moment, ...regenerate(...options))
      expect(await world.verify(earlier)).toBe(0)
      world.now += 15 * MINUTE - 1
      expect(await world.verify(secret)).toBe(0)
      expect(await world.verify(earlier)).toBe(11)
      expect(await world.json('token', 'show', 'BI')).toMatchObject({
        deliveredTo: 'first use',
        pendingSince: null,
      })

      world.now += 24 * 60 * MINUTE
      expect(await world.verify(secret)).toBe(0)
      await expect(world.ok(...regenerate())).resolves.not.toBe('')
    })

    test('with --overlap the earlier lives on from that use, for so long', async () => {
      const secret = await killed(world, moment, ...regenerate(...options, '--overlap', '1h'))
      world.now += 10 * MINUTE
      expect(await world.verify(secret)).toBe(0)
      world.now += 60 * MINUTE - 1
      expect([await world.verify(earlier), await world.verify(secret)]).toEqual([0, 0])
      world.now += 1
      expect([await world.verify(earlier), await world.verify(secret)]).toEqual([11, 0])
    })

    test('a token disabled in the meantime is not activated by a use', async () => {
      const secret = await killed(world, moment, ...regenerate(...options))
      await world.ok('token', 'disable', 'BI')
      expect([await world.verify(secret), await world.verify(earlier)]).toEqual([13, 13])
      await world.ok('token', 'enable', 'BI')
      expect(await world.verify(earlier)).toBe(0)
    })

    test('a token deleted in the meantime stays so', async () => {
      const secret = await killed(world, moment, ...regenerate(...options))
      await world.ok('token', 'delete', 'BI', '--yes')
      expect([await world.verify(secret), await world.verify(earlier)]).toEqual([11, 11])
    })
  })

  test('having written the new file beside the old one: the old one is as it was', async () => {
    await world.ok(...regenerate('--secret-file', 'secret'))
    const before = readFileSync(inWorld('secret'), 'utf8')
    world.now += MINUTE
    await killed(world, withTheFileWritten, ...regenerate('--secret-file', 'secret', '--replace'))
    expect(readFileSync(inWorld('secret'), 'utf8')).toBe(before)
    expect(await world.verify(before.trim())).toBe(0)
  })

  test('having replaced the file: the file has a secret that works', async () => {
    await world.ok(...regenerate('--secret-file', 'secret'))
    await killed(world, withTheFileInPlace, ...regenerate('--secret-file', 'secret', '--replace'))
    expect(await world.verify(readFileSync(inWorld('secret'), 'utf8').trim())).toBe(0)
    expect(readdirSync(world.folder).filter((name) => name.includes('secret'))).toEqual(['secret'])
  })

  test('at the clipboard: it is done, and the next one goes through at once', async () => {
    const secret = await killed(world, atTheClipboard, ...regenerate('--copy'))
    expect([await world.verify(earlier), await world.verify(secret)]).toEqual([11, 0])
    await expect(world.ok(...regenerate())).resolves.not.toBe('')
  })
})

describe('client create, killed', () => {
  const create = (...options: string[]): string[] => [
    'client',
    'create',
    'BI',
    '--role',
    'user',
    ...placed(options),
  ]
  const names = async (): Promise<string[]> =>
    ((await world.json('client', 'list')) as { client: string }[]).map(({ client }) => client)
  beforeEach(async () => {
    await world.ok('init')
  })

  test('before it made a secret: there is no such client', async () => {
    expect(await killed(world, beforeTheSecret, ...create())).toBe('')
    expect(await names()).toEqual([])
    const token = await world.ok(...create())
    expect(await world.verify(token)).toBe(0)
  })

  describe.each([...NEVER_LEFT, ...LEFT])('%s', (_, moment, options) => {
    test('for a minute its name is taken, and it is said since when and by whom; then it is replaced', async () => {
      const secret = await killed(world, moment, ...create(...options))
      const started = new Date(world.now).toISOString()
      world.now += 59 * SECOND
      expect(await world.run(...create())).toEqual({
        code: 4,
        stdout: '',
        stderr:
          'tokenctl: client BI has been under way for 59 s, by tester\n' +
          'hint: if that command is gone, wait a minute and try again\n',
      })

      world.now += SECOND
      const { code, stdout, stderr } = await world.run(...create())
      expect(code).toBe(0)
      expect(stderr.split('\n')[0]).toBe(
        `an unfinished client BI of ${started} was replaced: what was given out for it is void`,
      )
      expect([await world.verify(secret), await world.verify(stdout.trim())]).toEqual([11, 0])
      expect(await names()).toEqual(['BI'])
    })

    test('what nobody used within 15 minutes never becomes active, and a regenerate makes the client whole', async () => {
      const secret = await killed(world, moment, ...create(...options))
      world.now += 15 * MINUTE
      expect(await world.verify(secret)).toBe(11)
      expect(await world.json('client', 'show', 'BI')).toMatchObject({ status: 'pending' })
      const token = await world.ok('token', 'regenerate', 'BI')
      expect([await world.verify(secret), await world.verify(token)]).toEqual([11, 0])
      expect((await world.run(...create())).code).toBe(4)
    })

    test('a client that somebody has touched since is not replaced', async () => {
      await killed(world, moment, ...create(...options))
      await world.ok('client', 'disable', 'BI')
      world.now += MINUTE
      expect((await world.run(...create())).stderr).toMatch('there is a client BI at cluster already')
    })
  })

  describe.each(LEFT)('%s', (_, moment, options) => {
    test('the first use within 15 minutes makes it a client like any other', async () => {
      const secret = await killed(world, moment, ...create(...options))
      world.now += 15 * MINUTE - 1
      expect(await world.verify(secret)).toBe(0)
      expect(await world.json('client', 'show', 'BI')).toMatchObject({ status: 'active' })
      world.now += 60 * MINUTE
      expect((await world.run(...create())).stderr).toMatch('there is a client BI at cluster already')
      expect(await world.verify(secret)).toBe(0)
    })
  })

  test('at the clipboard: it is done', async () => {
    const secret = await killed(world, atTheClipboard, ...create('--copy'))
    expect(await world.verify(secret)).toBe(0)
    world.now += MINUTE
    expect((await world.run(...create())).code).toBe(4)
    expect(await world.verify(secret)).toBe(0)
  })

  test('while it made the store: the next one makes it, whole', async () => {
    world.remove()
    world = new World()
    await killed(world, beforeTheSecret, ...create())
    const token = await world.ok(...create())
    expect(await world.verify(token)).toBe(0)
  })
})

describe('while the secret is on its way', () => {
  let earlier: string
  beforeEach(async () => {
    earlier = await world.ok('client', 'create', 'BI', '--role', 'user')
  })

  /** Runs a command line whose standard output is read by somebody who does something first. */
  async function meanwhile(
    argv: readonly string[],
    work: (secret: string) => Promise<unknown>,
    fails = false,
  ) {
    let secret = ''
    const write = async (text: string): Promise<void> => {
      secret = text.trim()
      world.stdout = {}
      await work(secret)
      if (fails) throw Object.assign(new Error('EPIPE: broken pipe, write'), { code: 'EPIPE' })
    }
    world.stdout = { write }
    return { ...(await world.run(...argv)), secret }
  }
  const regenerate = ['token', 'regenerate', 'BI', '--yes']

  test('its reader may use it at once: the exit is 0', async () => {
    const { code, secret } = await meanwhile(regenerate, (token) => world.verify(token))
    expect(code).toBe(0)
    expect([await world.verify(earlier), await world.verify(secret)]).toEqual([11, 0])
  })

  test('a delete wins: what was given out is void, exit 4', async () => {
    const { code, secret, stderr } = await meanwhile(regenerate, () =>
      world.ok('token', 'delete', 'BI', '--yes'),
    )
    expect(code).toBe(4)
    expect(stderr).toMatch('was changed meanwhile: what was given out is void')
    expect([await world.verify(earlier), await world.verify(secret)]).toEqual([11, 11])
  })

  test('a disable wins: the new secret is the present one, and does not work until it is enabled', async () => {
    const { code, secret } = await meanwhile(regenerate, () => world.ok('client', 'disable', 'BI'))
    expect(code).toBe(0)
    expect(await world.verify(secret)).toBe(13)
    await world.ok('client', 'enable', 'BI')
    expect([await world.verify(earlier), await world.verify(secret)]).toEqual([11, 0])
  })

  test('for more than a minute, another regenerate wins: what was given out is void, exit 4', async () => {
    let other = ''
    const { code, secret } = await meanwhile(regenerate, async () => {
      world.now += MINUTE
      other = await world.ok(...regenerate)
    })
    expect(code).toBe(4)
    expect([await world.verify(secret), await world.verify(other)]).toEqual([11, 0])
  })

  test.each([
    ['and arrives, it is void: exit 4', false, 4],
    ['and does not arrive: exit 9', true, 9],
  ])(
    'for more than a minute, another client create takes the name; if it then goes on %s',
    async (_, fails, exit) => {
      let other = ''
      const create = ['client', 'create', 'JDBC', '--role', 'user']
      const work = async (): Promise<void> => {
        world.now += MINUTE
        other = await world.ok(...create)
      }
      const { code, secret } = await meanwhile(create, work, fails)
      expect(code).toBe(exit)
      expect([await world.verify(secret), await world.verify(other)]).toEqual([11, 0])
    },
  )

  test('a reader that uses it and then breaks the pipe has it: the exit is 21', async () => {
    const { code, secret } = await meanwhile(regenerate, (token) => world.verify(token), true)
    expect(code).toBe(21)
    expect([await world.verify(earlier), await world.verify(secret)]).toEqual([11, 0])
  })
})

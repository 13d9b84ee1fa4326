import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { storeContents } from './support/store-contents.ts'
import { World } from './support/world.ts'

let world: World
/** Somebody else, at the same store and the same time. */
let other: World
beforeEach(() => {
  world = new World()
  other = Object.assign(new World(), { folder: world.folder })
})
afterEach(() => {
  world.remove()
})

const lastAudit = (): unknown => storeContents(world.storePath).audit?.at(-1)

describe('agreement is to what was shown', () => {
  const questions: string[] = []

  /** At the first question somebody else is quicker; every question is answered as told. */
  function meanwhile(deed: () => Promise<unknown>, answers: boolean[]): void {
    questions.length = 0
    world.terminal = true
    world.changes = {
      prompts: {
        ...world.system().prompts,
        confirm: async (question) => {
          if (questions.push(question) === 1) await deed()
          return answers.shift() ?? false
        },
      },
    }
  }

  test('and not to a client that has got the name since', async () => {
    await world.ok('client', 'create', 'X', '--role', 'user')
    meanwhile(async () => {
      await other.ok('client', 'delete', 'X', '--yes')
      await other.ok('client', 'create', 'X', '--role', 'user')
    }, [true, false])
    expect((await world.run('client', 'delete', 'X')).code).toBe(7)
    expect(questions).toHaveLength(2)
    expect(await other.run('client', 'show', 'X')).toMatchObject({ code: 0 })
  })

  test('nor to a token that its client has got since', async () => {
    await world.ok('client', 'create', 'X', '--role', 'user')
    let token = ''
    meanwhile(async () => {
      await other.ok('client', 'delete', 'X', '--yes')
      token = await other.ok('client', 'create', 'X', '--role', 'user')
    }, [true, false])
    expect((await world.run('token', 'delete', 'X')).code).toBe(7)
    expect(await other.verify(token)).toBe(0)
  })

  test('nor to a secret that somebody has just made', async () => {
    await world.ok('client', 'create', 'X', '--role', 'user')
    let token = ''
    meanwhile(async () => {
      token = await other.ok('token', 'regenerate', 'X', '--yes')
    }, [true, false])
    expect((await world.run('token', 'regenerate', 'X')).code).toBe(7)
    expect(await other.verify(token)).toBe(0)
  })

  test('nor to another Jobs connection', async () => {
    await world.ok('client', 'create', 'X', '--role', 'user')
    await world.ok('client', 'create', 'Y', '--role', 'user')
    await world.ok('jobs', 'set-connection', 'X')
    meanwhile(() => other.ok('jobs', 'set-connection', 'Y', '--force'), [true, false])
    expect((await world.run('jobs', 'clear-connection')).code).toBe(7)
    expect(await other.ok('jobs', 'show-connection')).toBe('Y')
  })

  test('and given once where nothing came between', async () => {
    await world.ok('client', 'create', 'X', '--role', 'user')
    meanwhile(() => Promise.resolve(), [true])
    expect((await world.run('client', 'delete', 'X')).code).toBe(0)
    expect(questions).toHaveLength(1)
  })
})

test.each([['disable'], ['enable']])(
  'a client that was replaced just before its %s is not taken for the old one',
  async (verb) => {
    await world.ok('client', 'create', 'X', '--role', 'user')
    world.changes = {
      // The last moment before the transaction begins.
      holdSignals: () => {
        const database = new Database(world.storePath)
        database.exec(`
        update client set deleted_at = 1 where id = 1;
        insert or ignore into client (id, name, name_key, scope, role_id, created_at, created_by)
        values (2, 'X', 'x', 'cluster', 3, 1, 'other')`)
        database.close()
        return () => {}
      },
    }
    const { code, stderr } = await world.run('client', verb, 'X')
    expect(code).toBe(4)
    expect(stderr).toBe(
      'tokenctl: client X was replaced by another meanwhile\nhint: tokenctl client show X shows it\n',
    )
    expect(storeContents(world.storePath).client?.at(-1)).toMatchObject({ id: 2, disabled_at: null })
  },
)

/** At the last moment before a transaction begins, somebody else has written that. */
function atTheLastMoment(sql: string): void {
  world.changes = {
    holdSignals: () => {
      const database = new Database(world.storePath)
      database.exec(sql)
      database.close()
      return () => {}
    },
  }
}

describe('a client that was deleted at the last moment', () => {
  beforeEach(async () => {
    await world.ok('client', 'create', 'X', '--role', 'user')
    atTheLastMoment('update client set deleted_at = 1 where id = 1')
  })

  test.each([
    [['client', 'disable', 'X']],
    [['client', 'delete', 'X', '--yes']],
    [['client', 'update', 'X', '--role', 'admin']],
    [['token', 'create', 'X']],
  ])('is not found: %j', async (argv) => {
    expect(await world.run(...argv)).toEqual({
      code: 3,
      stdout: '',
      stderr: 'tokenctl: client X was deleted meanwhile\nhint: tokenctl client list shows them all\n',
    })
    expect(storeContents(world.storePath).token).toHaveLength(1)
  })

  test('is as gone as --if-exists wants it', async () => {
    expect((await world.run('client', 'delete', 'X', '--yes', '--if-exists')).code).toBe(0)
  })
})

describe('an organization or a group that is deleted at the last moment', () => {
  test.each([
    ['acme', 'organization acme', 'org list'],
    ['acme/etl', 'group acme/etl', 'group list'],
  ])('gets no client: %s', async (scope, called, list) => {
    await world.ok('init')
    await world.sql(`
      insert into scope (id, name, name_key, created_at, created_by) values (1, '${scope}', '${scope}', 0, 'tester');
      update operator_grant set scope = '${scope}'`)
    await world.ok('client', 'create', 'X', '--role', 'user')
    atTheLastMoment(`update scope set deleted_at = 1`)
    expect(await world.run('client', 'create', 'Y', '--role', 'user')).toEqual({
      code: 3,
      stdout: '',
      stderr: `tokenctl: ${called} was deleted meanwhile\nhint: tokenctl ${list} shows them all\n`,
    })
    expect(storeContents(world.storePath).client).toHaveLength(1)
  })

  test('nor does another that was made under its name in other letters', async () => {
    await world.ok('init')
    await world.sql(`
      insert into scope (id, name, name_key, created_at, created_by) values (1, 'acme', 'acme', 0, 'tester');
      update operator_grant set scope = 'acme'`)
    atTheLastMoment(`
      update scope set deleted_at = 1;
      insert or ignore into scope (id, name, name_key, created_at, created_by) values (2, 'ACME', 'acme', 1, 'tester')`)
    expect(await world.run('client', 'create', 'X', '--role', 'user')).toMatchObject({ code: 3 })
  })
})

describe('a role that somebody else has changed', () => {
  const CLIENT_UPDATE = ['client', 'update', 'X', '--role', 'reader']
  const CLIENT_CREATE = ['client', 'create', 'Y', '--role', 'reader']
  const LIVING_WITHOUT_ROLE = `
    select client.name from client join role on role.id = client.role_id
    where client.deleted_at is null and role.deleted_at is not null`

  beforeEach(async () => {
    await world.ok('client', 'create', 'X', '--role', 'user')
    await world.ok('role', 'create', 'reader', '--allow', 'select:a')
  })
  afterEach(expectRoles)

  function expectRoles(): void {
    const database = new Database(world.storePath, { readonly: true })
    expect(database.prepare(LIVING_WITHOUT_ROLE).all()).toEqual([])
    database.close()
  }

  test.each([[CLIENT_UPDATE], [CLIENT_CREATE], [['role', 'update', 'reader', '--allow', 'select:b']]])(
    'is not found when it was deleted at the last moment: %j',
    async (argv) => {
      atTheLastMoment("update role set deleted_at = 1 where name = 'reader'")
      expect(await world.run(...argv)).toMatchObject({ code: 3, stdout: '' })
    },
  )

  test.each([[CLIENT_UPDATE], [CLIENT_CREATE]])(
    'is asked about as it is then, when it was widened at the last moment: %j',
    async (argv) => {
      await world.ok('role', 'create', 'registrar', '--allow', 'select:a')
      for (const verb of ['create', 'update']) {
        await world.ok('role', 'update', 'registrar', '--allow', `${verb}:tokenctl/client`)
      }
      const database = new Database(world.storePath)
      database.exec(`
        insert into operator (id, name, name_key, uid, created_at) values (99, 'caller', 'caller', 4321, 0);
        insert into operator_grant select 99, id, 'cluster' from role where name = 'registrar'`)
      database.close()
      world.person = { uid: 4321, name: null }
      atTheLastMoment(
        "insert or ignore into role_permission select id, '*:*' from role where name = 'reader'",
      )
      expect(await world.run(...argv)).toMatchObject({
        code: 5,
        stderr:
          'tokenctl: role reader gives *:*, which caller does not hold at cluster\nhint: tokenctl whoami shows the roles you hold\n',
      })
    },
  )

  test.each([[['client', 'update', 'X']], [['client', 'create', 'Y']]])(
    'is not found when it was deleted while it was being chosen: %j',
    async (argv) => {
      world.terminal = true
      world.changes = {
        prompts: {
          ...world.system().prompts,
          choose: async (_, choices) => {
            await other.ok('role', 'delete', 'reader')
            const [{ value }] = choices.filter(({ name }) => name === 'reader') as [(typeof choices)[number]]
            return value
          },
        },
      }
      expect(await world.run(...argv)).toMatchObject({ code: 3, stdout: '' })
      expect(await other.json('client', 'show', 'X')).toMatchObject({ role: 'user' })
    },
  )

  test('is in use from the moment at which a client with it is prepared', async () => {
    world.stdout = {
      write: async () => {
        expect(await other.run('role', 'delete', 'reader')).toMatchObject({ code: 4 })
      },
    }
    expect((await world.run(...CLIENT_CREATE)).code).toBe(0)
  })
})

describe('what was so before the transaction is asked again in it', () => {
  beforeEach(async () => {
    await world.ok('client', 'create', 'X', '--role', 'user')
    await world.ok('role', 'create', 'keeper', '--allow', 'disable:tokenctl/client')
    const database = new Database(world.storePath)
    database.exec(`
      insert into operator (id, name, name_key, uid, created_at) values (99, 'caller', 'caller', 4321, 0);
      insert into operator_grant select 99, id, 'cluster' from role where name = 'keeper'`)
    database.close()
    world.person = { uid: 4321, name: null }
  })

  test.each([
    [
      6,
      'the operator',
      'update operator set disabled_at = 1 where id = 99',
      'is not an operator of this store',
    ],
    [
      4,
      'the permission',
      "delete from role_permission where pattern like 'disable:%'",
      'was changed meanwhile',
    ],
    [
      4,
      'the grant',
      "update operator_grant set scope = 'acme' where operator_id = 99",
      'was changed meanwhile',
    ],
    [8, 'the version', 'pragma user_version = 99', 'the store was brought to schema 99 meanwhile'],
  ])('exit %i: %s', async (code, _, sql, words) => {
    atTheLastMoment(sql)
    const ended = await world.run('client', 'disable', 'X')
    expect(ended).toMatchObject({ code, stdout: '' })
    expect(ended.stderr).toContain(words)
    expect(storeContents(world.storePath).client).toMatchObject([{ disabled_at: null }])
  })

  test('exit 2: a date that was far enough away', async () => {
    world.person = { uid: process.geteuid?.() ?? 0, name: null }
    const token = await world.ok('token', 'regenerate', 'X', '--yes')
    const soon = new Date(world.now + 90_000).toISOString()
    world.terminal = true
    world.changes = {
      prompts: {
        ...world.system().prompts,
        confirm: async () => {
          world.now += 60_000
          return true
        },
      },
    }
    const { code, stderr } = await world.run('token', 'regenerate', 'X', '--expires', soon)
    expect(code).toBe(2)
    expect(stderr).toContain('out of range: --expires')
    expect(await other.verify(token)).toBe(0)
  })
})

describe('of several names', () => {
  test('none is taken up for one who is no operator any more by the time of the answer', async () => {
    for (const name of ['X', 'Y', 'Z']) await world.ok('client', 'create', name, '--role', 'user')
    const questions: string[] = []
    world.terminal = true
    world.changes = {
      prompts: {
        ...world.system().prompts,
        confirm: async (question) => {
          questions.push(question)
          const database = new Database(world.storePath)
          database.exec('update operator set disabled_at = 1')
          database.close()
          return true
        },
      },
    }
    const { code, stdout, stderr } = await world.run('client', 'delete', 'X', 'Y', 'Z')
    expect({ code, stdout }).toEqual({ code: 6, stdout: '' })
    expect(stderr).toMatch(
      /^tokenctl: uid [0-9]+ is not an operator of this store\nhint: tokenctl login, if you have a password here\n$/,
    )
    expect(questions).toHaveLength(1)
  })

  test('none is taken up after a signal', async () => {
    for (const name of ['X', 'Y', 'Z']) await world.ok('client', 'create', name, '--role', 'user')
    let written = ''
    world.stdout = { write: async (text) => void (written += text) }
    world.changes = { isInterrupted: async () => written !== '' }
    const { code, stderr } = await world.run('client', 'disable', 'X', 'Y', 'Z')
    expect({ code, written }).toEqual({ code: 130, written: 'disabled client X\n' })
    expect(stderr).toBe('tokenctl: interrupted; Y and the names after it stay as they are\n')
    expect(storeContents(world.storePath).client).toMatchObject([
      { disabled_at: world.now },
      { disabled_at: null },
      { disabled_at: null },
    ])
  })

  test('the screen hears of one that came during a write, before it lets the next through', async () => {
    await world.ok('client', 'create', 'X', '--role', 'user')
    world.terminal = true
    world.answers = ['X', 'Disable']
    let isHeld = false
    world.changes = {
      holdSignals: () => {
        isHeld = true
        return () => {}
      },
      letSignalsThrough: () => {
        isHeld = false
      },
      isInterrupted: async () => isHeld,
    }
    const { code, stdout, stderr } = await world.run()
    expect({ code, stdout, stderr }).toEqual({ code: 130, stdout: 'disabled client X\n', stderr: '' })
    expect(storeContents(world.storePath).client).toMatchObject([{ disabled_at: world.now }])
  })

  test('each is said before the next is asked about', async () => {
    for (const name of ['X', 'Y']) await world.ok('client', 'create', name, '--role', 'user')
    const seen: string[] = []
    world.terminal = true
    world.stdout = {
      write: async (text) => {
        seen.push(text.split(',')[0] ?? '')
      },
    }
    world.changes = {
      prompts: {
        ...world.system().prompts,
        confirm: async (question) => {
          seen.push(question.slice(0, 17))
          return true
        },
      },
    }
    expect((await world.run('client', 'delete', 'X', 'Y')).code).toBe(0)
    expect(seen).toEqual(['Deleting client X', 'deleted client X', 'Deleting client Y', 'deleted client Y'])
  })

  test('none is left out because an answer could not be written', async () => {
    for (const name of ['X', 'Y']) await world.ok('client', 'create', name, '--role', 'user')
    world.stdout = {
      write: () => Promise.reject(new Error('ENOSPC: no space left on device, write')),
    }
    const { code, stderr } = await world.run('client', 'disable', 'X', 'Y')
    expect(code).toBe(1)
    expect(stderr.match(/done, but the answer could not be written: no space left on device/g)).toHaveLength(
      2,
    )
    world.stdout = {}
    expect(await world.json('client', 'show', 'Y')).toMatchObject({ status: 'disabled' })
  })
})

describe('what happens while a secret is on its way', () => {
  /** While it is written to standard output, somebody else does that. */
  function whileWriting(deed: () => Promise<unknown>): void {
    const written: string[] = []
    world.stdout = {
      write: async (text) => {
        written.push(text)
        await deed()
      },
    }
  }

  test('a disable wins', async () => {
    await world.ok('client', 'create', 'BI', '--role', 'user')
    whileWriting(() => other.ok('client', 'disable', 'BI'))
    const file = join(world.folder, 'secret')
    expect((await world.run('token', 'regenerate', 'BI', '--yes', '--secret-file', file)).code).toBe(0)
    expect(await other.verify(readFileSync(file, 'utf8').trim())).toBe(13)
  })

  test('a delete wins: what was given out is void, the new file is taken back, and the audit says so', async () => {
    await world.ok('client', 'create', 'BI', '--role', 'user')
    whileWriting(() => other.ok('token', 'delete', 'BI', '--yes'))
    const file = join(world.folder, 'secret')
    const { code, stderr } = await world.run('token', 'regenerate', 'BI', '--yes', '--secret-file', file)
    expect(code).toBe(4)
    expect(stderr).toMatch(
      /^tokenctl: token (tkc_\w+) was changed meanwhile: what was given out is void\nhint: tokenctl token show \1 shows it\n$/,
    )
    expect(existsSync(file)).toBe(false)
    expect(lastAudit()).toMatchObject({ action: 'token regenerate', outcome: 'dropped' })
  })

  test.each([
    ['its client', () => other.ok('client', 'delete', 'BI', '--yes')],
    ['the token itself', async () => other.ok('token', 'delete', await pendingToken(), '--yes')],
  ])('of a further token, a delete of %s wins', async (_, deed) => {
    await world.ok('client', 'create', 'BI', '--role', 'user')
    whileWriting(deed)
    const file = join(world.folder, 'secret')
    const { code, stderr } = await world.run('token', 'create', 'BI', '--secret-file', file)
    expect(code).toBe(4)
    expect(stderr).toMatch(
      /^tokenctl: token (tkc_\w+) was changed meanwhile: what was given out is void\nhint: tokenctl token show \1 shows it\n$/,
    )
    expect(existsSync(file)).toBe(false)
    expect(lastAudit()).toMatchObject({ action: 'token create', outcome: 'dropped' })
  })

  test('a further token that could not be delivered is gone, whatever was done with it meanwhile', async () => {
    const first = await world.ok('client', 'create', 'BI', '--role', 'user')
    world.stdout = {
      write: async () => {
        await other.ok('token', 'update', await pendingToken(), '--description', 'mine')
        throw Object.assign(new Error('EPIPE: broken pipe, write'), { code: 'EPIPE' })
      },
    }
    expect(await world.run('token', 'create', 'BI')).toEqual({
      code: 9,
      stdout: '',
      stderr: 'tokenctl: the secret was not delivered: broken pipe\nhint: nothing changed\n',
    })
    expect(await other.json('token', 'list')).toMatchObject([{ id: first.slice(0, 16) }])
  })

  async function pendingToken(): Promise<string> {
    const tokens = (await other.json('token', 'list')) as { id: string; status: string }[]
    return tokens.find(({ status }) => status === 'pending')?.id ?? ''
  }

  test('a file that somebody has put in its place is not taken back', async () => {
    await world.ok('client', 'create', 'BI', '--role', 'user')
    const file = join(world.folder, 'secret')
    other.now = world.now + 61_000
    whileWriting(() => other.ok('token', 'regenerate', 'BI', '--yes', '--secret-file', file, '--replace'))
    expect((await world.run('token', 'regenerate', 'BI', '--yes', '--secret-file', file)).code).toBe(4)
    expect(await other.verify(readFileSync(file, 'utf8').trim())).toBe(0)
  })

  test('a client that somebody touched is theirs, and outlives a failed delivery', async () => {
    await world.ok('init')
    world.stdout = {
      write: async () => {
        await other.ok('client', 'disable', 'BI')
        throw Object.assign(new Error('EPIPE: broken pipe, write'), { code: 'EPIPE' })
      },
    }
    expect(await world.run('client', 'create', 'BI', '--role', 'user')).toEqual({
      code: 9,
      stdout: '',
      stderr:
        'tokenctl: the secret was not delivered: broken pipe\n' +
        'hint: somebody has changed the client meanwhile: it stays, without a secret\n',
    })
    expect(await other.json('client', 'show', 'BI')).toMatchObject({
      status: 'disabled',
      tokens: [{ status: 'pending' }],
    })
  })

  test('whoever receives it may use it before the command knows that it left', async () => {
    const first = await world.ok('client', 'create', 'BI', '--role', 'user')
    let received = ''
    world.stdout = {
      write: async (text) => {
        received = text.trim()
        expect(await other.verify(received)).toBe(0)
      },
    }
    expect((await world.run('token', 'regenerate', 'BI', '--yes')).code).toBe(0)
    expect(await other.verify(received)).toBe(0)
    expect(await other.verify(first)).toBe(11)
  })
})

describe('what an unfinished command gave out', () => {
  /** A command whose secret left, and which then was killed. */
  async function killedAfterDelivery(...argv: string[]): Promise<string> {
    const left = new Promise<string>((resolve) => {
      const killed = Object.assign(new World(), { folder: world.folder, now: world.now })
      killed.stdout = {
        write: (text) => {
          resolve(text.trim())
          return new Promise(() => {})
        },
      }
      void killed.run(...argv)
    })
    const token = await left
    world.now += 61_000
    return token
  }

  const fullDisk = {
    write: () =>
      Promise.reject(Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })),
  }

  test.each([
    ['a client create', ['client', 'create', 'BI', '--role', 'user']],
    ['a token regenerate', ['token', 'regenerate', 'BI', '--yes']],
  ])('still works after %s that replaced it could not deliver: nothing changed', async (_, argv) => {
    if (argv[0] === 'token') await world.ok('client', 'create', 'BI', '--role', 'user')
    else await world.ok('init')
    const token = await killedAfterDelivery(...argv)

    world.stdout = fullDisk
    expect((await world.run(...argv)).code).toBe(9)
    world.stdout = {}
    expect(await world.verify(token)).toBe(0)
  })

  test('stays dead where somebody else has finished since: a delivery that fails late undoes nothing of theirs', async () => {
    await world.ok('client', 'create', 'BI', '--role', 'user')
    const unconfirmed = await killedAfterDelivery('token', 'regenerate', 'BI', '--yes')
    let finished = ''
    world.stdout = {
      write: async () => {
        other.now = world.now + 61_000
        finished = await other.ok('token', 'regenerate', 'BI', '--yes')
        throw Object.assign(new Error('EPIPE: broken pipe, write'), { code: 'EPIPE' })
      },
    }
    expect((await world.run('token', 'regenerate', 'BI', '--yes')).code).toBe(9)
    expect(lastAudit()).toMatchObject({ action: 'token regenerate', outcome: 'dropped' })
    expect(await other.verify(unconfirmed)).toBe(11)
    expect(await other.verify(finished)).toBe(0)
  })

  test('leaves the client replaceable where a regenerate of it could not deliver', async () => {
    await world.ok('init')
    await killedAfterDelivery('client', 'create', 'BI', '--role', 'user')
    world.stdout = fullDisk
    expect((await world.run('token', 'regenerate', 'BI', '--yes')).code).toBe(9)
    world.stdout = {}
    expect((await world.run('client', 'create', 'BI', '--role', 'user')).code).toBe(0)
  })

  test('is not taken away by a client create while a regenerate of it is under way', async () => {
    await world.ok('init')
    await killedAfterDelivery('client', 'create', 'BI', '--role', 'user')
    world.stdout = {
      write: async () => {
        expect(await other.run('client', 'create', 'BI', '--role', 'user')).toMatchObject({ code: 4 })
      },
    }
    other.now = world.now
    expect((await world.run('token', 'regenerate', 'BI', '--yes')).code).toBe(0)
  })

  test.each([
    ['young', 0],
    ['old', 61_000],
  ])('gets no further token, and stays replaceable: %s', async (_, age) => {
    await world.ok('init')
    await killedAfterDelivery('client', 'create', 'BI', '--role', 'user')
    world.now += age - 61_000
    const before = storeContents(world.storePath)
    expect(await world.run('token', 'create', 'BI')).toEqual({
      code: 4,
      stdout: '',
      stderr:
        'tokenctl: client BI is unfinished: nobody knows whether its first secret was delivered\n' +
        'hint: tokenctl token regenerate BI gives it one that is\n',
    })
    expect(storeContents(world.storePath)).toEqual(before)
    world.now += 61_000
    expect((await world.run('client', 'create', 'BI', '--role', 'user')).code).toBe(0)
    expect((await world.run('token', 'create', 'BI')).code).toBe(0)
  })

  test('does not come back with a role that is gone', async () => {
    await world.ok('init')
    await world.ok('role', 'create', 'reader', '--allow', 'select:a')
    const token = await killedAfterDelivery('client', 'create', 'BI', '--role', 'reader')
    world.stdout = {
      write: async () => {
        await other.ok('role', 'delete', 'reader')
        throw Object.assign(new Error('EPIPE: broken pipe, write'), { code: 'EPIPE' })
      },
    }
    expect(await world.run('client', 'create', 'BI', '--role', 'user')).toEqual({
      code: 9,
      stdout: '',
      stderr:
        'tokenctl: the secret was not delivered: broken pipe\n' +
        'hint: the unfinished client that it replaced is gone: its role was deleted meanwhile\n',
    })
    expect(await other.json('client', 'list')).toEqual([])
    expect(await other.verify(token)).toBe(11)
  })

  test('blocks nobody for longer where its clock was ahead', async () => {
    await world.ok('client', 'create', 'BI', '--role', 'user')
    world.now += 86_400_000
    await killedAfterDelivery('token', 'regenerate', 'BI', '--yes')
    world.now -= 86_400_000
    expect((await world.run('token', 'regenerate', 'BI', '--yes')).code).toBe(0)
  })

  test('is void once a regenerate has replaced it, which says so', async () => {
    await world.ok('client', 'create', 'BI', '--role', 'user')
    const token = await killedAfterDelivery('token', 'regenerate', 'BI', '--yes')
    const { code, stderr } = await world.run('token', 'regenerate', 'BI', '--yes')
    expect(code).toBe(0)
    expect(stderr).toContain(
      'an unconfirmed secret of 2026-03-01T12:00:00.000Z was replaced: what was given out for it is void\n',
    )
    expect(await world.verify(token)).toBe(11)
  })
})

test('--secret-file --replace does not take the place of the store', async () => {
  const token = await world.ok('client', 'create', 'BI', '--role', 'user')
  for (const suffix of ['', '-wal', '-shm', '-journal']) {
    const { code, stderr } = await world.run(
      ...['token', 'regenerate', 'BI', '--yes', '--replace'],
      ...['--secret-file', `${world.storePath}${suffix}`],
    )
    expect({ suffix, code }).toEqual({ suffix, code: 2 })
    expect(stderr).toContain('--secret-file is the store itself')
  }
  expect(await world.verify(token)).toBe(0)
})

test('a role is not called as a token is', async () => {
  await world.ok('init')
  expect(await world.run('role', 'create', 'TKC_x', '--allow', 'a:b')).toMatchObject({ code: 2 })
})

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { type Ended, ENGINES, World, worldOn } from './support/world.ts'

const OLD = 'correct horse battery'
const NEW = 'staple of batteries'

describe.each(ENGINES)('a password is changed, on %s', (engine) => {
  let world: World
  beforeEach(async () => {
    world = await worldOn(engine)
    await world.makeStore()
    await passwd(OLD, 'tester')
    await logIn('tester', OLD)
  })
  afterEach(() => world.end())

  const create = async (name: string, role: string): Promise<void> => {
    world.stdin = OLD
    await world.ok('operator', 'create', name, '--role', role, '--scope', 'cluster', '--password-stdin')
  }

  function logIn(name: string, password: string): Promise<Ended> {
    world.stdin = password
    return world.run('login', name, '--password-stdin')
  }

  function passwd(input: string, ...names: string[]): Promise<Ended> {
    world.stdin = input
    return world.run('operator', 'passwd', ...names, '--password-stdin')
  }

  test('by who may, without the current one; and every session of that operator ends', async () => {
    await create('alice', 'auditor')
    await logIn('alice', OLD)
    const sessions = (await world.contents()).session?.length ?? 0
    await logIn('tester', OLD)
    expect(await passwd(NEW, 'ALICE')).toMatchObject({
      code: 0,
      stdout: 'set the password of operator alice\n',
    })
    expect(await logIn('alice', OLD)).toMatchObject({ code: 6 })
    expect(await logIn('alice', NEW)).toMatchObject({ code: 0 })
    expect((await world.contents()).session?.length).toBe(sessions)
  })

  test('by who may set passwords, but not of somebody who may more than they', async () => {
    await world.ok('role', 'create', 'porter', '--allow', 'passwd:tokenctl/operator')
    await create('porter', 'porter')
    await create('second', 'porter')
    await create('alice', 'auditor')
    await logIn('porter', OLD)
    const before = (await world.contents()).operator
    for (const name of ['tester', 'alice']) {
      const { code, stderr } = await passwd(NEW, name)
      expect({ code, stderr }).toEqual({
        code: 5,
        stderr: expect.stringContaining('which porter does not hold'),
      })
    }
    expect((await world.contents()).operator).toEqual(before)
    expect(await passwd(NEW, 'second')).toMatchObject({ code: 0 })
    expect(await passwd(NEW, 'nobody')).toMatchObject({ code: 3 })
  })

  test('one’s own by anybody who knows the current one, which then is the first line', async () => {
    await create('alice', 'user')
    await logIn('alice', OLD)
    expect(await passwd(NEW)).toMatchObject({
      code: 5,
      stderr: expect.stringContaining('current password is wrong'),
    })
    expect(await passwd(`${OLD}\n`)).toMatchObject({ code: 2, stderr: expect.stringContaining('is missing') })
    expect(await passwd(`${OLD}\n${NEW}\nmore\n`, 'alice')).toMatchObject({ code: 2 })
    expect(await passwd(`${OLD}\r\n${NEW}\r\n`, 'alice')).toMatchObject({ code: 0 })
    expect(await world.run('whoami')).toMatchObject({ code: 6 })
    expect(await logIn('alice', NEW)).toMatchObject({ code: 0 })
  })

  test('not by who guesses: that is slowed down with the logins', async () => {
    await create('alice', 'user')
    await logIn('alice', OLD)
    for (let i = 0; i < 5; i++) expect(await passwd(`wrong\n${NEW}`)).toMatchObject({ code: 5 })
    const throttled = { code: 6, stderr: expect.stringContaining('too many failed logins; try again in 1 s') }
    expect(await passwd(`${OLD}\n${NEW}`)).toMatchObject(throttled)
    expect(await logIn('alice', OLD)).toMatchObject(throttled)
  })

  test('not of somebody else by who may not, whether there is such an operator or not', async () => {
    await create('alice', 'user')
    await logIn('alice', OLD)
    for (const name of ['tester', 'nobody']) {
      expect(await passwd(NEW, name)).toMatchObject({
        code: 5,
        stderr: expect.stringContaining('that needs passwd:tokenctl/operator'),
      })
    }
  })

  test('by a token of whoever may, but never that of its own operator', async () => {
    await world.sql("insert into setting (name, value) values ('personal-tokens', 'everyone')")
    await create('alice', 'user')
    const mine = await world.ok('token', 'create', '--mine')
    const admin = await world.ok('client', 'create', 'runbook', '--role', 'admin')
    world.environment.TOKENCTL_TOKEN = mine
    for (const names of [[], ['tester']]) {
      expect(await passwd(NEW, ...names)).toMatchObject({
        code: 5,
        stderr: expect.stringContaining('a token does not change'),
      })
    }
    expect(await passwd(NEW, 'alice')).toMatchObject({ code: 0 })
    world.environment.TOKENCTL_TOKEN = admin
    expect(await passwd(NEW)).toMatchObject({ code: 2 })
    expect(await passwd(NEW, 'tester')).toMatchObject({ code: 0 })
  })
})

test('who has none yet is refused, and that is written down', async () => {
  const world = new World()
  await world.makeStore()
  await world.ok('operator', 'create', 'carol', '--uid', '4321', '--role', 'auditor')
  world.person = { uid: 4321, name: 'carol' }
  const { audit: before = [], operator } = await world.contents()
  world.stdin = `${OLD}\n${NEW}\n`
  expect(await world.run('operator', 'passwd', '--password-stdin')).toMatchObject({
    code: 5,
    stderr: expect.stringContaining('carol has no password yet'),
  })
  const { audit = [], ...after } = await world.contents()
  expect(after.operator).toEqual(operator)
  expect(audit.slice(before.length)).toMatchObject([{ action: 'operator passwd', outcome: 'denied' }])
  world.remove()
})

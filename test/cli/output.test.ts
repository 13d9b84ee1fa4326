import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { stripVTControlCharacters } from 'node:util'
import { World } from '../support/world.ts'

describe('how an answer looks', () => {
  const world = new World()
  beforeAll(async () => {
    for (let i = 100; i < 302; i++) {
      await world.ok('client', 'create', `c${i}`, '--role', 'user', '--no-token')
    }
    await world.ok('client', 'create', 'BI', '--role', 'user')
  })
  afterAll(() => {
    world.remove()
  })

  test('a table stops at 200 rows, and says so on stderr', async () => {
    world.terminal = true
    const { stdout, stderr } = await world.run('token', 'list')
    expect(stdout.trimEnd().split('\n')).toHaveLength(201)
    expect(stderr).toBe('only the first 200 are shown: --json or a pipe gives all, a filter fewer\n')
  })

  test.each([
    ['199', 200, ''],
    ['200', 201, ''],
    ['201', 201, 'only the first 200 are shown: --json or a pipe gives all, a filter fewer\n'],
  ])('with --limit %s it has %d lines', async (limit, lines, remark) => {
    world.terminal = true
    const { stdout, stderr } = await world.run('token', 'list', '--limit', limit)
    expect(stdout.trimEnd().split('\n')).toHaveLength(lines)
    expect(stderr).toBe(remark)
  })

  test('a pipe gets all of them, and one header', async () => {
    world.terminal = false
    const { stdout, stderr } = await world.run('token', 'list')
    expect(stdout.trimEnd().split('\n')).toHaveLength(204)
    expect(stderr).toBe('')
  })

  test('colour says again what the words say', async () => {
    world.terminal = true
    const colored = await world.ok('token', 'show', 'BI')
    expect(colored).toContain('\u001b[32mactive\u001b[39m')
    world.environment.NO_COLOR = '1'
    const plain = await world.ok('token', 'show', 'BI')
    expect(stripVTControlCharacters(colored)).toBe(plain)
    world.environment = {}
  })

  test.each<[string, Partial<World>, string[]]>([
    ['NO_COLOR', { terminal: true, environment: { NO_COLOR: '1' } }, []],
    ['a dumb terminal', { terminal: true, environment: { TERM: 'dumb' } }, []],
    ['--no-color', { terminal: true, environment: {} }, ['--no-color']],
    ['a pipe', { terminal: false, environment: {} }, []],
  ])('there is none for %s', async (_, setting, options) => {
    Object.assign(world, setting)
    expect(await world.ok('token', 'show', 'BI', ...options)).not.toContain('\u001b')
  })

  test('a reader that has had enough is no failure', async () => {
    world.stdout = { write: failing('EPIPE') }
    expect(await world.run('token', 'list')).toEqual({ code: 0, stdout: '', stderr: '' })
  })

  test('an answer that cannot be written is one', async () => {
    world.stdout = { write: failing('ENOSPC: no space left on device, write') }
    expect(await world.run('token', 'list')).toEqual({
      code: 1,
      stdout: '',
      stderr: 'tokenctl: done, but the answer could not be written: no space left on device\n',
    })
  })
})

function failing(message: string): () => Promise<never> {
  return () => Promise.reject(Object.assign(new Error(message), { code: message.split(':')[0] }))
}

describe('what stands in a store that somebody else has written to', () => {
  const world = new World()
  afterAll(() => world.remove())

  test('is not obeyed by the terminal, wherever it is shown', async () => {
    const hostile = "'BI' || char(27) || '[1Gnone' || char(27) || '[31m'"
    await world.ok('client', 'create', 'BI', '--role', 'user', '--description', 'x')
    await world.ok('role', 'create', 'analyst', '--allow', 'select:a')
    await world.ok('jobs', 'set-connection', 'BI')
    await world.sql(`update client set name = ${hostile}`)
    await world.sql(`update token set description = ${hostile}`)
    await world.sql(`update role set name = ${hostile} where name = 'analyst'`)
    world.terminal = true
    for (const argv of [
      'client list',
      'client show BI',
      'token list',
      'token show BI',
      'token disable BI --yes --force',
      'token enable BI',
      'token update BI --description y',
      'role list',
      'role update analyst --allow select:b',
      'role delete analyst',
      'jobs show-connection',
      'jobs clear-connection --force',
      'token delete BI --yes --force',
    ]) {
      const stdout = await world.ok(...argv.split(' '))
      expect(stdout).toContain('\\u{1b}[1Gnone')
      expect(stdout).not.toMatch(/\u001b\[1G|\u001b\[31m/)
    }
  })
})

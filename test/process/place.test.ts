import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { Machine } from '../support/process.ts'

let machine: Machine
beforeEach(() => {
  machine = new Machine()
})
afterEach(() => {
  machine.remove()
})

const CREATE = 'tokenctl client create BI --role user'

describe('where the default store is', () => {
  test('in the home folder, or where XDG_DATA_HOME says', () => {
    machine.ok(CREATE)
    expect(existsSync(machine.storePath)).toBe(true)
    machine.environment.XDG_DATA_HOME = join(machine.folder, 'data')
    machine.ok(CREATE)
    expect(existsSync(join(machine.folder, 'data/tokenctl/tokenctl.db'))).toBe(true)
  })

  test.each([
    ['an empty HOME', { HOME: '' }],
    ['a relative XDG_DATA_HOME', { XDG_DATA_HOME: 'data' }],
  ])('never below the current folder, by %s', (_, environment) => {
    machine.environment = environment
    const { code, stdout, stderr } = machine.sh(`${CREATE} | cat; tokenctl token list`)
    expect({ code, stdout }).toEqual({ code: 8, stdout: '' })
    expect(stderr).toContain('there is no folder for the default store')
    expect(readdirSync(machine.place)).toEqual([])
  })

  test('in a folder that is gone, one clear line', () => {
    const gone = `mkdir gone && cd gone && rmdir ../gone && tokenctl token list --store x.db`
    expect(machine.sh(gone)).toMatchObject({ code: 8, stdout: '' })
  })
})

test('the store is not replaced by a secret even where it is yet to be made, behind a linked home', () => {
  machine.ok('mkdir real && ln -s real linked')
  machine.environment.HOME = join(machine.place, 'linked')
  const path = join(machine.place, 'real/.local/share/tokenctl/tokenctl.db')
  machine.ok(`mkdir -p -m 700 ${join(path, '..')} && rmdir ${join(path, '..')}`)
  const { code, stderr } = machine.sh(`${CREATE} --secret-file ${path} --replace`)
  expect(code).toBe(2)
  expect(stderr).toContain('--secret-file is the store itself')
})

test('a secret among the arguments is refused in JSON too, under --json', () => {
  const token = machine.ok(CREATE)
  const { code, stdout, stderr } = machine.sh(`tokenctl --json token show ${token}`)
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(JSON.parse(stderr)).toMatchObject({ error: { kind: 'usage' } })
  expect(stderr).not.toContain(token.slice(0, 8))
})

describe('somebody who comes through sudo', () => {
  test('does not choose the store by HOME or XDG_DATA_HOME', () => {
    mkdirSync(join(machine.folder, 'theirs'))
    machine.environment = { XDG_DATA_HOME: join(machine.folder, 'theirs'), SUDO_UID: '4321' }
    const { code, stderr } = machine.sh('tokenctl store info')
    expect([3, 5, 6]).toContain(code)
    expect(stderr).not.toContain(machine.folder)
  })

  test('is nobody where SUDO_UID is no user ID', () => {
    machine.environment.SUDO_UID = '0; id'
    expect(machine.sh('tokenctl client list')).toEqual({
      code: 6,
      stdout: '',
      stderr: 'tokenctl: SUDO_UID is not a user ID\n',
    })
  })
})

test('help and version that cannot be written say so in one line', () => {
  for (const option of ['--help', '--version']) {
    const { code, stderr } = machine.sh(`tokenctl ${option} > /dev/full`)
    expect(code).toBe(1)
    expect(stderr).toBe('tokenctl: done, but the answer could not be written: no space left on device\n')
  }
})

test('standard input that cannot be read is a usage error', () => {
  machine.ok(CREATE)
  const { code, stderr } = machine.sh('tokenctl token verify < /tmp')
  expect(code).toBe(2)
  expect(stderr).toContain('tokenctl: cannot read standard input: illegal operation on a directory\n')
})

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import Database from 'better-sqlite3'
import { Machine } from '../support/process.ts'
import { Shell, SHELLS } from '../support/shell.ts'
import { storeContents } from '../support/store-contents.ts'

function tamper(machine: Machine, sql: string, ...values: readonly string[]): void {
  const database = new Database(machine.storePath)
  database.prepare(sql).run(...values)
  database.close()
}

describe.each(SHELLS)('in %s', (name) => {
  const machine = new Machine()
  let shell: Shell
  let id = ''
  beforeAll(() => {
    machine.environment.LC_ALL = 'C.UTF-8'
    id = machine.ok("tokenctl client create BI --role user --description 'sales dashboards'").slice(0, 16)
    machine.ok('tokenctl client create JDBC --role user --no-token')
    machine.ok('tokenctl client create nightly-load --role user --no-token')
    machine.ok('tokenctl client create nightly-report --role user --no-token')
    machine.ok('tokenctl role create ops@example.org --allow select:sales')
    machine.ok('mkdir -m 700 other && tokenctl init --store other/other.db')
    machine.ok('tokenctl client create elsewhere --role user --no-token --store other/other.db')
    writeFileSync(join(machine.place, 'found in a log.txt'), '')
    shell = new Shell(machine, name)
  })
  afterAll(() => {
    shell.end()
    machine.remove()
  })

  const LINES: readonly (readonly [what: string, typed: string, run: string])[] = [
    ['a noun', 'tokenctl cl', '<client>'],
    ['a verb', 'tokenctl client sh', '<client><show>'],
    ['a verb behind an option', 'tokenctl --json client sh', '<--json><client><show>'],
    ['an option', 'tokenctl client list --unu', '<client><list><--unused-for>'],
    ['an option that every command takes', 'tokenctl client list --no-i', '<client><list><--no-input>'],
    ['the value of an option', 'tokenctl token list --status exp', '<token><list><--status><expired>'],
    ['a value behind =', 'tokenctl token list --status=exp', '<token><list><--status=expired>'],
    ['a value in quotes', 'tokenctl token list --status "exp', '<token><list><--status><expired>'],
    ['a client', 'tokenctl client show J', '<client><show><JDBC>'],
    ['a client in small letters', 'tokenctl client show jd', '<client><show><JDBC>'],
    ['a client in quotes', "tokenctl client show 'J", '<client><show><JDBC>'],
    ['a further client', 'tokenctl client delete BI J', '<client><delete><BI><JDBC>'],
    ['a client behind =', 'tokenctl token list --client=J', '<token><list><--client=JDBC>'],
    ['a client behind --', 'tokenctl client show -- J', '<client><show><--><JDBC>'],
    ['what several begin with', 'tokenctl client show nig', '<client><show><nightly->'],
    ['a role with an @', 'tokenctl role show ops', '<role><show><ops@example.org>'],
    ['a role behind the @', 'tokenctl role show ops@ex', '<role><show><ops@example.org>'],
    ['a role behind = and @', 'tokenctl client list --role=ops@e', '<client><list><--role=ops@example.org>'],
    ['a file', 'tokenctl token verify --file found', '<token><verify><--file><found in a log.txt>'],
    [
      'a store, and a client of it',
      'tokenctl --store other/other.db client show e',
      '<--store><other/other.db><client><show><elsewhere>',
    ],
    ['nothing, behind --', 'tokenctl whoami -- --js', '<whoami><--><--js>'],
    ['no option twice', 'tokenctl client show --json --js', '<client><show><--json><--js>'],
    ['no file for a name', 'tokenctl client show foun', '<client><show><foun>'],
    ['no noun that is hidden', 'tokenctl __com', '<__com>'],
    ['nothing for a verb that there is not', 'tokenctl client nonsense J', '<client><nonsense><J>'],
  ]
  test.each(LINES)('%s: %s', async (_, typed, run) => {
    expect(await shell.run(typed)).toBe(run)
  })

  test('a token, by its ID', async () => {
    expect(await shell.run(`tokenctl token show ${id.slice(0, -2)}`)).toBe(`<token><show><${id}>`)
  })

  test('a command behind others', async () => {
    expect(await shell.run('true; tokenctl client show J')).toBe('<client><show><JDBC>')
  })

  test('a file behind =', async () => {
    expect(await shell.run('tokenctl token verify --file=found')).toBe(
      '<token><verify><--file=found in a log.txt>',
    )
  })

  test('several candidates are listed, with what they are', async () => {
    const names = ['BI', 'JDBC', 'nightly-load', 'nightly-report']
    expect(await shell.list('tokenctl client show ', ...names)).toContain('role user, active')
    expect(await shell.list('tokenctl token show ', id)).toContain('sales dashboards')
    expect(await shell.list('tokenctl client d', 'disable', 'delete')).toContain('stop clients, until')
  })
})

/** Each would make a file if it were run. */
const HOSTILE = [
  '$(touch pwned)',
  '`touch pwned`',
  '${x[$(touch pwned)]}',
  '$((x[$(touch pwned)]))',
  '<(touch pwned)',
  '~[$(touch pwned)]',
]

describe.each(SHELLS)('what is typed is not run by completing it, in %s', (name) => {
  const machine = new Machine()
  let shell: Shell
  beforeAll(() => {
    machine.environment.LC_ALL = 'C.UTF-8'
    machine.environment.hostile = '$(touch pwned)'
    machine.ok('tokenctl client create BI --role user')
    // What zsh does with TAB by itself, expand-or-complete, runs what stands before the cursor, for any command.
    shell = new Shell(machine, name, { settings: name === 'zsh' ? "bindkey '^I' complete-word" : '' })
  })
  afterAll(() => {
    shell.end()
    machine.remove()
  })

  const LINES = [
    ...HOSTILE.flatMap((word) => [
      `tokenctl client show ${word}`,
      `tokenctl client show ${word} `,
      `tokenctl client show "${word}`,
      `tokenctl client show '${word}'`,
      `tokenctl client show --store ${word} B`,
      `tokenctl client list --role=${word}`,
      `tokenctl ${word} `,
      `tokenctl token verify --file ${word}/`,
      `tokenctl token verify --file=${word}/`,
      `tokenctl --store ~/${word}/`,
      `tokenctl token list > ${word}/`,
    ]),
    'tokenctl token verify --file $hostile/',
    'tokenctl client show $hostile',
    'tokenctl client show *',
    'tokenctl client show *(e:"touch pwned":)',
    'tokenctl token verify --file *(e:"touch pwned":)/',
    'tokenctl client show \\$(touch pwned)',
    `tokenctl client show "'`,
    `tokenctl client show '"`,
    'tokenctl client show a\\',
    'tokenctl client show {a,b}',
    'tokenctl client show ~nobody/',
    'tokenctl client show ;touch pwned;',
  ]
  // zsh completes what a redirection goes to by itself, whatever the command.
  const ours = LINES.filter((line) => name !== 'zsh' || !line.includes('>'))
  test.each(ours)('%s', async (typed) => {
    await shell.see(typed)
    expect(readdirSync(machine.place)).not.toContain('pwned')
    expect(existsSync(join(machine.home, 'pwned'))).toBe(false)
  })

  test('and the shell is as it was', async () => {
    expect(await shell.run('tokenctl client show B')).toBe('<client><show><BI>')
    expect(readdirSync(machine.place)).not.toContain('pwned')
  })
})

describe.each(SHELLS)('what lies in the store can do nothing, in %s', (name) => {
  const machine = new Machine()
  let shell: Shell
  const NAMES = [
    ...HOSTILE,
    'a;touch pwned',
    "a'b",
    'a"b',
    'a\nb',
    'a\tb',
    'a b',
    '-rf',
    ':files',
    'a\u001b[31mb',
    'a\u202eb',
    'a\\b',
  ]

  beforeAll(() => {
    machine.environment.LC_ALL = 'C.UTF-8'
    machine.ok('tokenctl client create Alone --role user')
    NAMES.forEach((name, i) => {
      machine.ok(
        `tokenctl client create x${i} --role user --no-token; tokenctl role create x${i} --allow a:b`,
      )
      tamper(machine, `update client set name = ?, name_key = lower(?) where name = 'x${i}'`, name, name)
      tamper(machine, `update role set name = ?, name_key = lower(?) where name = 'x${i}'`, name, name)
    })
    shell = new Shell(machine, name)
  })
  afterAll(() => {
    shell.end()
    machine.remove()
  })

  test('no name of it is offered that is none', async () => {
    expect(await shell.run('tokenctl client show ')).toBe('<client><show><Alone>')
    expect(await shell.run('tokenctl client show a')).toBe('<client><show><Alone>')
    expect(await shell.run('tokenctl role delete ')).toBe('<role><delete>')
    expect(readdirSync(machine.place)).toEqual([])
  })

  test('a description is shown, and no more', async () => {
    machine.ok('tokenctl client create Alike --role user --no-token')
    const hostile = `${HOSTILE.join(' ')} \u001b[31m\u0007\u202e\n\t%F{red}\\n$'x`
    tamper(machine, 'update token set description = ?', hostile)
    const before = shell.stream.length
    await shell.list('tokenctl token show Al', 'Alone', 'Alike', 'touch pwned')
    const seen = shell.stream.slice(before)
    expect(seen).not.toContain('\u202e')
    expect(seen).not.toContain('\u001b[31m\u0007')
    expect(readdirSync(machine.place)).toEqual([])
  })
})

describe.each(SHELLS)('completing changes nothing and complains of nothing, in %s', (name) => {
  const machine = new Machine()
  let shell: Shell
  beforeAll(() => {
    shell = new Shell(machine, name)
  })
  afterAll(() => {
    shell.end()
    machine.remove()
  })

  test('without a store', async () => {
    expect(await shell.run('tokenctl client show B')).toBe('<client><show><B>')
    expect(existsSync(machine.storePath)).toBe(false)
    expect(await shell.see('tokenctl client show ')).not.toMatch(/no store|hint|tokenctl:/)
  })

  test('with one of hundreds of names', async () => {
    machine.ok('tokenctl client create first --role user --no-token')
    for (let i = 100; i < 400; i++) {
      tamper(
        machine,
        `insert into client (id, name, name_key, scope, role_id, created_at, created_by)
         values (${i}, 'client-${i}', 'client-${i}', 'cluster', 3, 0, 'tester')`,
      )
    }
    const before = storeContents(machine.storePath)
    expect(await shell.run('tokenctl client show cl')).toBe('<client><show><client->')
    expect(await shell.run('tokenctl client show client-39')).toBe('<client><show><client-39>')
    expect(await shell.run('tokenctl client show fi')).toBe('<client><show><first>')
    expect(storeContents(machine.storePath)).toEqual(before)
  })

  test('with one that others could read', async () => {
    machine.ok(`chmod 644 '${machine.storePath}'`)
    expect(await shell.run('tokenctl client show fi')).toBe('<client><show><fi>')
    expect(await shell.see('tokenctl client show ')).not.toMatch(/others can reach|hint|tokenctl:/)
  })

  test('without tokenctl', async () => {
    rmSync(join(machine.programs, 'tokenctl'))
    expect(await shell.run('tokenctl client sh')).toBe('<client><sh>')
    expect(shell.stream).not.toMatch(/not found|No such file|Unknown command/)
  })
})

describe.each(SHELLS)('what is typed stands in no process list and no environment, in %s', (name) => {
  test('a secret in the wrong place', async () => {
    const machine = new Machine()
    machine.ok('tokenctl client create BI --role user --no-token')
    const secret = machine.ok('tokenctl client create secret --role user')
    const program = join(machine.programs, 'tokenctl')
    const real = machine.ok(`readlink '${program}'`)
    rmSync(program)
    const log = join(machine.folder, 'calls')
    writeFileSync(
      program,
      `#!/bin/sh\n{ printf '%s\\n' "$*"; env; tr '\\0' '\\n' < /proc/$PPID/cmdline; } >> '${log}'\nexec '${real}' "$@"\n`,
      { mode: 0o755 },
    )
    const shell = new Shell(machine, name)
    expect(await shell.run(`tokenctl client show ${secret} B`)).toBe(`<client><show><${secret}><B>`)
    expect(await shell.run(`tokenctl client delete ${secret} B`)).toBe(`<client><delete><${secret}><BI>`)
    expect(readFileSync(log, 'utf8')).toMatch(/^__complete$/m)
    expect(readFileSync(log, 'utf8')).not.toContain(secret.slice(20, 40))
    shell.end()
    machine.remove()
  })
})

describe('as a file where the shell looks by itself', () => {
  test('zsh: in a folder of fpath', async () => {
    const machine = new Machine()
    machine.ok('tokenctl client create BI --role user --no-token')
    mkdirSync(join(machine.home, 'functions'))
    machine.ok('tokenctl completion zsh > ~/functions/_tokenctl')
    const sourcing = 'fpath=(~/functions $fpath); compinit -u -D'
    const shell = new Shell(machine, 'zsh', { sourcing })
    expect(await shell.run('tokenctl client show B')).toBe('<client><show><BI>')
    expect(await shell.run('tokenctl client sh')).toBe('<client><show>')
    shell.end()
    machine.remove()
  })

  test('fish: in its folder of completions', async () => {
    const machine = new Machine()
    machine.ok('tokenctl client create BI --role user --no-token')
    machine.ok('mkdir ~/functions && tokenctl completion fish > ~/functions/tokenctl.fish')
    const shell = new Shell(machine, 'fish', { sourcing: 'set fish_complete_path ~/functions' })
    expect(await shell.run('tokenctl client show B')).toBe('<client><show><BI>')
    shell.end()
    machine.remove()
  })
})

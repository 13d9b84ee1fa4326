import { createHash } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Deployment, NO_DEPLOYMENT, type Person } from '../support/deployment.ts'
import { Terminal, TOKEN, UNREAD } from '../support/process.ts'
import { storeContents } from '../support/store-contents.ts'
import type { Ended } from '../support/world.ts'

/** What is tried by a shell; the folders and names stand in its environment. */
const SUDO = 'sudo -n -u "$SERVICE"'
const NOT_ALLOWED = 'sudo: sorry, you are not allowed to set the following environment variables: '
const WHOAMI = `${SUDO} "$PROGRAM" whoami --json`

/** What names a path or a thing to make, and the lines that try it. New options that do belong here. */
const REFUSED: readonly (readonly [what: string, line: string])[] = [
  ['--store', 'tokenctl client list --store "$OTHER_STORE"'],
  ['--store', 'tokenctl --store "$STORE" client list'],
  ['--store', 'tokenctl init --store "$OPEN/new.db"'],
  ['--store', 'tokenctl client create X --role user --store "$OPEN/new.db"'],
  ['--store', 'echo x | tokenctl token verify --store "$OTHER_STORE"'],
  ['--store', 'tokenctl client list --store postgres://127.0.0.1:1/tokens'],
  ['TOKENCTL_STORE', `${SUDO} TOKENCTL_STORE="$OTHER_STORE" "$CARELESS" client list`],
  [
    'TOKENCTL_STORE',
    `echo x | ${SUDO} TOKENCTL_STORE=postgres://127.0.0.1:1/tokens "$CARELESS" token verify`,
  ],
  ['TOKENCTL_STORE', `TOKENCTL_STORE="$OPEN/new.db" ${SUDO} -E "$CARELESS" init`],
  ['--secret-file', 'tokenctl client create X --role user --secret-file "$OPEN/x"'],
  ['--secret-file', 'cd "$OPEN" && tokenctl client create X --role user --secret-file x'],
  ['--secret-file', 'tokenctl client create X --role user --secret-file "$FOREIGN" --replace'],
  ['--secret-file', 'tokenctl client create X --role user --secret-file "$STORE" --replace'],
  ['--secret-file', 'tokenctl client create X --role user --secret-file /dev/stdout'],
  ['--secret-file', 'tokenctl token create BI --secret-file "$OPEN/x"'],
  ['--secret-file', 'tokenctl token regenerate BI --yes --secret-file "$STORE" --replace'],
  ['--file', 'tokenctl token verify --file "$SECRET"'],
  ['--file', 'tokenctl token verify --file /dev/stdin'],
  ['--file', 'tokenctl token identify --file "$SECRET"'],
  ['--file', 'tokenctl token identify --file "$STORE"'],
]

/** A variable, what it is set to, and what is seen where that is obeyed; null: nothing looks at it, or not here. */
const BAITS: readonly (readonly [name: string, value: string, taken: string | null])[] = [
  ['TOKENCTL_STORE', '"$OWN/x.db"', 'no store at $OWN/x.db'],
  ['TOKENCTL_TOKEN', '', 'the token in TOKENCTL_TOKEN is empty'],
  ['SUDO_UID', '0', null],
  ['USER', 'root', null],
  ['HOME', '"$OWN"', 'no store at $OWN/.local/share/tokenctl/tokenctl.db'],
  ['XDG_DATA_HOME', '"$OWN"', 'no store at $OWN/tokenctl/tokenctl.db'],
  ['XDG_CONFIG_HOME', '"$OWN"', null],
  ['XDG_RUNTIME_DIR', '"$OWN"', null],
  ['XDG_STATE_HOME', '"$OWN"', null],
  ['TMPDIR', '"$OPEN"', null],
  ['PATH', '"$EVIL:$PATH"', 'a node of theirs'],
  ['NODE_OPTIONS', '"--require=$EVIL/evil.cjs"', 'a module of theirs'],
  ['NODE_PATH', '"$EVIL"', null],
  ['OPENSSL_CONF', '"$EVIL/openssl.cnf"', null],
  ['LD_PRELOAD', '"$EVIL/evil.so"', 'cannot be preloaded'],
  ['PGPASSFILE', '"$OWN/pgpass"', null],
  ['PGHOST', '127.0.0.1', null],
  ['DISPLAY', ':0', null],
]
const VARIABLES = BAITS.map(([name]) => name)

/** What tokenctl itself would pass over if sudo let it through. */
const PASSED_OVER = /^(USER|HOME|XDG_\w+|TMPDIR|PG\w+|DISPLAY)$/

/** At the store itself, to the service user by other commands, or with another name. */
const PAST_TOKENCTL: readonly string[] = [
  'ls "$(dirname "$STORE")"',
  'cat "$STORE"',
  'cp "$STORE" here.db',
  'ln "$STORE" here.db',
  'rm -f "$STORE"',
  'mv -f "$STORE" here.db',
  ': >> "$STORE"',
  'cat "$SECRET"',
  '"$PROGRAM" client list --store "$STORE"',
  'SUDO_UID=$(id -u) "$PROGRAM" client list --store "$STORE"',
  ': > "$PROGRAM"',
  `${SUDO} id`,
  `${SUDO} sh -c id`,
  `${SUDO} "$(dirname "$PROGRAM")/node" --version`,
  `${SUDO} -s`,
  `${SUDO} -i "$PROGRAM" whoami`,
  `${SUDO} -e "$STORE"`,
  `${SUDO} -D / "$PROGRAM" whoami`,
  `${SUDO} -R / "$PROGRAM" whoami`,
  `${SUDO} -g root "$PROGRAM" whoami`,
  'sudo -n "$PROGRAM" whoami',
  `mkdir -p ../mine && cp "$(command -v sh)" ../mine/tokenctl && ${SUDO} ../mine/tokenctl -c id`,
]

const title = `a store that is reached through sudo${NO_DEPLOYMENT === null ? '' : ` (${NO_DEPLOYMENT})`}`
;(NO_DEPLOYMENT === null ? describe : describe.skip)(title, () => {
  let deployment: Deployment
  /** The first clusteradmin; another of the group; and one who is not. */
  let alice: Person
  let bob: Person
  let eve: Person
  let beforeInit: Ended
  let init: Ended
  let plain: Ended
  let token: string

  beforeAll(() => {
    deployment = new Deployment()
    deployment.make()
    alice = deployment.person('alice', { isMember: true })
    bob = deployment.person('bob', { isMember: true })
    eve = deployment.person('eve', { isMember: false })
    layBaits()
    deployment.addSudoers('-more', sloppySite())

    beforeInit = alice.sh('tokenctl client create BI --role user; ls -A "$HOME"')
    init = alice.sh('tokenctl init')
    token = alice.ok('tokenctl client create BI --role user | cat')
    giveToService(join(deployment.home, 'secret'), `${token}\n`)
    deployment.asService(`"${deployment.program}" init --store ${deployment.home}/elsewhere/other.db`)
    plain = alice.sh(WHOAMI)
  })
  afterAll(() => deployment.remove())

  /** For what the service user could read, write or run, if he were made to. */
  function layBaits(): void {
    const open = join(deployment.folder, 'open')
    mkdirSync(open)
    chmodSync(open, 0o777)
    giveToService(join(deployment.home, 'foreign'), "somebody else's\n")
    for (const person of [alice, bob, eve]) {
      person.environment = {
        SERVICE: deployment.service,
        PROGRAM: deployment.program,
        CARELESS: join(deployment.local, 'bin', 'careless'),
        STORE: deployment.storePath,
        OTHER_STORE: join(deployment.home, 'elsewhere/other.db'),
        SECRET: join(deployment.home, 'secret'),
        FOREIGN: join(deployment.home, 'foreign'),
        OPEN: open,
        OWN: join(person.folder, 'own'),
        EVIL: join(person.folder, 'bin/evil'),
      }
      mkdirSync(join(person.programs, 'evil'))
      for (const helper of ['xsel', 'wl-copy', 'evil/xsel', 'evil/wl-copy']) {
        person.give(helper, `#!/bin/sh\ncat > ${open}/copied\n`)
      }
      person.give('evil/node', '#!/bin/sh\necho a node of theirs\n')
      person.give('evil/evil.cjs', 'console.log("a module of theirs")\n')
    }
  }

  function giveToService(path: string, text: string): void {
    writeFileSync(path, text, { mode: 0o600 })
    const uid = Number(deployment.asService('id -u'))
    chownSync(path, uid, uid)
  }

  /** Rules that weaken sudo for alice wherever a command does not say otherwise; and a second line to the program that does not. */
  function sloppySite(): string {
    const { name, service, folder, local } = deployment
    writeFileSync(join(local, 'bin/careless'), `#!/bin/sh\nexec ${deployment.program} "$@"\n`, {
      mode: 0o755,
    })
    return [
      `Defaults:${name}-alice !env_reset, setenv, !use_pty, env_keep += "${VARIABLES.join(' ')}"`,
      `Defaults:${name}-alice secure_path = "${alice.programs}/evil"`,
      `Defaults:${name}-alice log_input, log_output, iolog_dir = ${folder}/recorded`,
      `Defaults!${local}/bin/careless env_reset, secure_path = "${local}/bin:/usr/bin:/bin", !log_input, !log_output`,
      `${name}-alice ALL = (${service}) NOPASSWD: SETENV: ${local}/bin/careless`,
      '',
    ].join('\n')
  }

  /** Every file that somebody could have made, changed or replaced. */
  function everything(): Record<string, string> {
    const folders = [deployment.folder, alice.place, alice.home, bob.place, bob.home]
    const paths = folders.flatMap((folder) =>
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && !entry.parentPath.startsWith(deployment.local))
        .map((entry) => join(entry.parentPath, entry.name)),
    )
    return Object.fromEntries(
      paths.map((path) => [path, createHash('sha256').update(readFileSync(path)).digest('hex')]),
    )
  }

  /** With nothing else made or changed, also in another store. */
  function expectNothingDone(person: Person, line: string): Ended {
    const before = everything()
    const ended = person.sh(line)
    expect(everything()).toEqual(before)
    return ended
  }

  describe('the first run', () => {
    test('makes no store on the way', () => {
      const { code, stdout, stderr } = beforeInit
      expect({ code, stdout }).toEqual({ code: 0, stdout: '' })
      expect(stderr).toMatch(
        /^tokenctl: making a store on the way is not allowed through sudo: uid [0-9]+ acts as uid/,
      )
    })

    test('makes who called sudo the first clusteradmin', () => {
      expect(init).toEqual({
        code: 0,
        stdout: `made the store ${deployment.storePath}; ${deployment.name}-alice is its clusteradmin\n`,
        stderr: '',
      })
      expect(JSON.parse(plain.stdout)).toMatchObject({
        operator: `${deployment.name}-alice`,
        authenticatedBy: 'peer',
        uid: alice.uid,
        grants: [{ role: 'admin', scope: 'cluster' }],
        store: deployment.storePath,
        rolesAreEnforced: true,
      })
      expect(alice.ok('tokenctl whoami')).toContain('\nROLES\tenforced: ')
    })

    test('leaves the store to the service user alone', () => {
      expect(deployment.asService(`stat -c "%U %a" ${deployment.storePath}`)).toBe(
        `${deployment.service} 600\n`,
      )
    })
  })

  describe('a secret', () => {
    test('goes into a pipe once, and is good', () => {
      expect(token).toMatch(TOKEN)
      expect(alice.verify(token)).toBe(0)
      expect(bob.verify(token)).toBe(0)
    })

    test('goes into a file that the shell has opened', () => {
      const line = '(umask 077; tokenctl client create ETL --role user > etl) && tokenctl token verify < etl'
      expect(alice.ok(line)).toContain('client ETL')
    })

    test.each([
      ['a full disk', '/dev/full', ''],
      ['a pipe that nobody reads', '&4', UNREAD],
      ['nowhere', '&-', ''],
    ])('that goes to %s is not delivered, and nobody is left behind', (_, sink, before) => {
      const { code } = alice.sh(`${before}tokenctl client create Lost --role user >${sink}`)
      expect(code).toBe(9)
      expect(alice.sh('tokenctl client show Lost').code).toBe(3)
    })

    test('is not recorded by sudo, whatever the site does otherwise', () => {
      expect(existsSync(join(deployment.folder, 'recorded'))).toBe(false)
    })
  })

  test('the audit names the person at the keyboard', () => {
    alice.ok('tokenctl client disable BI && tokenctl client enable BI')
    const copy = join(deployment.folder, 'copy.db')
    copyFileSync(deployment.storePath, copy)
    const audit = (storeContents(copy).audit ?? []) as { os_uid: number; os_name: string; action: string }[]
    expect(audit.map(({ action }) => action)).toContain('client disable')
    expect(new Set(audit.map(({ os_uid, os_name }) => `${os_uid} ${os_name}`))).toEqual(
      new Set([`${alice.uid} ${deployment.name}-alice`]),
    )
  })

  describe('who else comes', () => {
    test.each([
      'tokenctl whoami',
      'tokenctl client list',
      'tokenctl client create Mine --role user',
      'tokenctl client delete BI --yes',
      'echo x | tokenctl token identify',
    ])('a member who is no operator: %s', (line) => {
      const { code, stdout, stderr } = expectNothingDone(bob, line)
      expect({ code, stdout }).toEqual({ code: 6, stdout: '' })
      expect(stderr).toContain(`tokenctl: uid ${bob.uid} is not an operator of this store\n`)
    })

    test('one who is no member does not get as far as tokenctl', () => {
      const { code, stdout, stderr } = expectNothingDone(eve, WHOAMI)
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
      expect(stderr).toMatch(/^sudo: /)
    })
  })

  describe('is refused, with nothing opened, made or run:', () => {
    test.each(REFUSED)('%s: %s', (what, line) => {
      const { code, stdout, stderr } = expectNothingDone(alice, line)
      expect({ code, stdout }).toEqual({ code: 5, stdout: '' })
      expect(stderr).toContain(`tokenctl: ${what} is not allowed through sudo: uid ${alice.uid} acts as uid `)
      expect(stderr).toContain('\nhint: ')
    })

    test('for the service user himself all that is there to be had', () => {
      const { program, home, folder } = deployment
      expect(deployment.asService(`${program} client list --json --store ${home}/elsewhere/other.db`)).toBe(
        '[]\n',
      )
      expect(deployment.asService(`${program} token verify --file ${home}/secret`)).toContain('client BI')
      expect(deployment.asService(`echo > ${folder}/open/his && rm ${folder}/open/his`)).toBe('')
    })
  })

  describe("the caller's environment chooses nothing:", () => {
    test.each(BAITS)('%s', (name, value) => {
      expect(expectNothingDone(alice, `env ${name}=${value} ${WHOAMI}`)).toEqual(plain)
      const refused = { code: 1, stdout: '', stderr: `${NOT_ALLOWED}${name}\n` }
      expect(expectNothingDone(alice, `${SUDO} ${name}=${value} "$PROGRAM" whoami`)).toEqual(refused)
      // What no setuid program is given, sudo never sees.
      const kept = `env ${name}=${value} ${SUDO} --preserve-env=${name} "$PROGRAM" whoami --json`
      expect([refused, plain]).toContainEqual(expectNothingDone(alice, kept))
    })

    test.each(BAITS.filter(([name]) => PASSED_OVER.test(name)))(
      '%s, where sudo lets it through',
      (name, value) => {
        expect(expectNothingDone(alice, `${SUDO} ${name}=${value} "$CARELESS" whoami --json`)).toEqual(plain)
      },
    )

    // Each is one: who runs the program as themselves is led by it.
    test.each(BAITS.filter(([, , taken]) => taken !== null))(
      '%s, without sudo, does',
      (name, value, taken) => {
        const { stdout, stderr } = alice.sh(
          `mkdir -p -m 700 "$OWN"; env ${name}=${value} "$PROGRAM" client list`,
        )
        const seen = taken?.replace('$OWN', join(alice.folder, 'own'))
        expect(stdout + stderr).toContain(seen)
      },
    )

    test('all of it at once', () => {
      const { code, stdout, stderr } = expectNothingDone(alice, `${SUDO} -E "$PROGRAM" whoami`)
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
      expect(stderr).toBe('sudo: sorry, you are not allowed to preserve the environment\n')
    })

    test('nor what runs, by a folder that the service user cannot enter', () => {
      chmodSync(alice.place, 0o700)
      expect(alice.sh(WHOAMI)).toEqual(plain)
    })
  })

  describe('the clipboard', () => {
    const DESKTOP = 'DISPLAY=:0 WAYLAND_DISPLAY=wayland-0'
    const copied = (): boolean => existsSync(join(deployment.folder, 'open/copied'))

    test('has a helper that can be seen to have run', () => {
      alice.ok(`HOME=$OWN/home; export HOME; ${DESKTOP} "$PROGRAM" client create BI --role user --copy | cat`)
      expect(copied()).toBe(true)
      alice.ok('rm "$OPEN/copied"')
    })

    test.each([
      ['by the line', `${DESKTOP} tokenctl`],
      ['where sudo lets the desktop through', `${SUDO} ${DESKTOP} PATH="$EVIL:$PATH" "$CARELESS"`],
    ])('has none run in the name of the service user, %s', (_, program) => {
      const { code, stderr } = alice.sh(`${program} token create BI --copy | cat`)
      expect(code).toBe(0)
      expect(stderr).toContain('warning: not copied to the clipboard: there is no terminal to send it to\n')
      expect(copied()).toBe(false)
    })

    test.each([
      ['by the line', 'tokenctl'],
      ['where sudo lets the desktop through', `${SUDO} ${DESKTOP} "$CARELESS"`],
    ])("is the terminal's own, %s", async (_, program) => {
      const terminal = new Terminal(alice, `${alice.as.join(' ')} sh -c '${program} token create BI'`)
      const { code, lines } = await terminal.end()
      expect(code).toBe(0)
      const [given = ''] = lines
      expect(given).toMatch(TOKEN)
      expect(terminal.stream).toContain(`\u001b]52;c;${Buffer.from(given).toString('base64')}\u0007`)
      expect(copied()).toBe(false)
    })
  })

  describe('at a terminal', () => {
    const line = (text: string): string => `${alice.as.join(' ')} ${text}`

    test('a question is asked and answered, on a terminal of its own', async () => {
      alice.ok('tokenctl client create Old --role user | cat')
      const terminal = new Terminal(alice, `tty; ${line('tokenctl client delete Old')}`)
      await terminal.sees('(y/N)')
      const [, theirs = ''] = terminal.lines
      const his = deployment.serviceInputs()
      terminal.type('y\r')
      expect(await terminal.end()).toMatchObject({ code: 0, isRestored: true })
      expect(theirs).toMatch(/^\/dev\/pts\//)
      expect(his).toEqual([expect.stringMatching(/^\/dev\/pts\//)])
      expect(his).not.toContain(theirs)
      expect(alice.sh('tokenctl client show Old').code).toBe(3)
    })

    test.each([
      ['comes through: colours', 'TERM=xterm-256color', true],
      ['comes through: none', 'NO_COLOR=1', false],
      ['comes through: none there are', 'TERM=dumb', false],
    ])('what describes it %s', async (_, setting, isColoured) => {
      const terminal = new Terminal(alice, line(`env ${setting} tokenctl token list`))
      expect((await terminal.end()).code).toBe(0)
      expect(terminal.stream.includes('\u001b[3')).toBe(isColoured)
    })
  })

  describe('past tokenctl there is no way:', () => {
    test.each(PAST_TOKENCTL)('%s', (line) => {
      const { code, stdout, stderr } = expectNothingDone(alice, line)
      expect(code).not.toBe(0)
      expect(stdout).toBe('')
      expect(stderr).toMatch(/permission denied|belongs to|^sudo: /i)
    })
  })
})

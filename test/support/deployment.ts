import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Machine } from './process.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const page = (name: string): string => readFileSync(join(ROOT, name), 'utf8')

/** Why it cannot be had here, if it cannot. */
export const NO_DEPLOYMENT = whyNot()

function whyNot(): string | null {
  if (process.geteuid?.() !== 0) return 'skipped: only root can make users and sudoers lines'
  // As in some containers: sudo's own bit for root is worth nothing there.
  if (/^NoNewPrivs:\s*1$/m.test(readFileSync('/proc/self/status', 'utf8'))) {
    return 'skipped: nobody becomes anybody else here'
  }
  const { status } = spawnSync('setpriv', ['--reuid=65534', '--clear-groups', process.execPath, '--version'])
  return status === 0 ? null : 'skipped: node is where other users cannot run it'
}

/**
 * docs/deployment.md and contrib/sudoers, carried out on this machine under names and in folders that are nobody's:
 * real users, the real sudo. All of it goes with `remove`, also where making it has failed half-way.
 */
export class Deployment {
  readonly name = `tkctest${randomBytes(5).toString('hex')}`
  /** What the system user is called; his folder; and the one for the program, in the place of /usr/local. */
  readonly service = `${this.name}-svc`
  readonly group = `${this.name}-adm`
  readonly folder = mkdtempSync(join(tmpdir(), 'tokenctl-'))
  readonly home = join(this.folder, 'var')
  readonly local = join(this.folder, 'local')
  readonly program = join(this.local, 'bin', 'tokenctl')
  readonly storePath = join(this.home, '.local/share/tokenctl/tokenctl.db')
  readonly #users: string[] = [this.service]
  readonly #machines: Machine[] = []
  readonly #sudoers: string[] = []

  /** @throws Error, when all that was made is gone again */
  make(): void {
    if (spawnSync('sudo', ['--version']).error !== undefined) {
      throw new Error('sudo is missing (package sudo)')
    }
    chmodSync(this.folder, 0o755)
    this.#installProgram()
    const setUp = page('docs/deployment.md').matchAll(/^(useradd|install --directory|groupadd) .*$/gm)
    for (const [line] of setUp) asRoot(this.renamed(line))
    this.addSudoers('', this.renamed(page('contrib/sudoers')))
  }

  /** What the document or the sudoers file says, with the names and folders of this deployment. */
  renamed(text: string): string {
    return text
      .replaceAll('tokenctl-admins', this.group)
      .replaceAll('TOKENCTL', this.name.toUpperCase())
      .replaceAll('/var/lib/tokenctl', this.home)
      .replaceAll('/usr/local', this.local)
      .replace(
        /(-u |--(?:owner|group)=|nologin |\()tokenctl\b/g,
        (_, before: string) => before + this.service,
      )
      .replaceAll(':tokenctl)', `:${this.service})`)
  }

  /** A drop-in of its own, which sudo itself has checked. */
  addSudoers(suffix: string, text: string): void {
    const path = join(this.folder, `sudoers${suffix}`)
    writeFileSync(path, text, { mode: 0o440 })
    asRoot(`visudo -cf ${path}`)
    const place = `/etc/sudoers.d/${this.name}${suffix}`
    this.#sudoers.push(place)
    copyFileSync(path, place)
    chmodSync(place, 0o440)
  }

  /** A person, with a home, a folder to work in, and the document's wrapper for `tokenctl`. */
  person(name: string, { isMember }: { readonly isMember: boolean }): Person {
    const user = `${this.name}-${name}`
    this.#users.push(user)
    const groups = isMember ? `--groups ${this.group}` : ''
    asRoot(`useradd --no-create-home --home-dir ${this.folder}/${name} ${groups} ${user}`)
    const person = new Person(user)
    this.#machines.push(person)
    const [, wrapper = ''] = /```sh\n(#!\/bin\/sh\n.*?)```/s.exec(page('docs/deployment.md')) ?? []
    person.give('tokenctl', this.renamed(wrapper))
    return person
  }

  /** The system user himself, as root can be him. */
  asService(script: string): string {
    return asRoot(
      `setpriv --reuid=${this.service} --regid=${this.service} --init-groups -- sh -c '${script}'`,
    )
  }

  /** What each process of his reads from. */
  serviceInputs(): string[] {
    return processesOf(this.service).map((pid) => readlinkSync(`/proc/${pid}/fd/0`))
  }

  remove(): void {
    for (const path of this.#sudoers) rmSync(path, { force: true })
    for (const machine of this.#machines) machine.remove()
    for (const user of this.#users) {
      for (const pid of processesOf(user)) process.kill(pid, 'SIGKILL')
      spawnSync('userdel', ['--force', user])
    }
    spawnSync('groupdel', [this.group])
    rmSync(this.folder, { recursive: true, force: true })
  }

  /** As `npm install --global` leaves it: root's, and a link to it. Node comes along: its own folder may be closed to others. */
  #installProgram(): void {
    const program = join(this.local, 'lib/node_modules/tokenctl')
    mkdirSync(join(this.local, 'bin'), { recursive: true })
    for (const name of ['package.json', 'bin', 'dist']) {
      cpSync(join(ROOT, name), join(program, name), { recursive: true })
    }
    for (const name of dependencies()) {
      cpSync(join(ROOT, name), join(program, name), {
        recursive: true,
        filter: (path) => !/better-sqlite3\/(deps|src)$/.test(path),
      })
    }
    symlinkSync('../lib/node_modules/tokenctl/bin/tokenctl.js', this.program)
    copyFileSync(process.execPath, join(this.local, 'bin', 'node'))
    asRoot(`chown -R root:root ${this.local} && chmod -R u=rwX,go=rX ${this.local}`)
  }
}

/** Somebody with no rights but their own. */
export class Person extends Machine {
  readonly uid: number
  readonly as: readonly string[]

  constructor(user: string) {
    const as = ['setpriv', `--reuid=${user}`, `--regid=${user}`, '--init-groups', '--']
    super(as)
    this.as = as
    this.uid = Number(asRoot(`id -u ${user}`))
    rmSync(join(this.programs, 'tokenctl'))
    for (const folder of [this.folder, this.home, this.programs, this.place]) {
      chownSync(folder, this.uid, this.uid)
    }
  }

  /** A program of theirs. */
  give(name: string, text: string): void {
    writeFileSync(join(this.programs, name), text, { mode: 0o755 })
  }
}

/** Folders of what the program loads, and what that loads. */
function dependencies(): string[] {
  const { packages } = JSON.parse(page('package-lock.json')) as Lock
  return Object.keys(packages).filter(
    (path) => path !== '' && packages[path]?.dev !== true && existsSync(join(ROOT, path)),
  )
}

interface Lock {
  readonly packages: Readonly<Record<string, { readonly dev?: boolean }>>
}

/** None of a user that there is not. */
function processesOf(user: string): number[] {
  const uid = Number(spawnSync('id', ['-u', user], { encoding: 'utf8' }).stdout || NaN)
  const processes = readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name))
  const theirs = processes.filter((pid) => statSync(`/proc/${pid}`, { throwIfNoEntry: false })?.uid === uid)
  return theirs.map(Number)
}

function asRoot(script: string): string {
  const { status, stdout, stderr } = spawnSync('sh', ['-c', script], {
    encoding: 'utf8',
    env: { PATH: `${dirname(process.execPath)}:/usr/sbin:/usr/bin:/sbin:/bin` },
  })
  if (status !== 0) throw new Error(`${script}: exit ${status}\n${stderr}`)
  return stdout
}

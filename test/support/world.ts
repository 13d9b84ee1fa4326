import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import { sessionName } from '../../src/cli/session-file.ts'
import { main } from '../../src/main.ts'
import type { Place } from '../../src/core/place.ts'
import type { Store } from '../../src/core/store.ts'
import { Problem } from '../../src/core/problem.ts'
import type { Choice, Output, Picker, System } from '../../src/system.ts'
import { realFiles } from '../../src/system/files.ts'
import { bcryptAt } from '../../src/system/passwords.ts'
import { isAnswered } from '../../src/system/socket.ts'
import { digestOf, newSecret, newTokenId, SESSION_PREFIX } from '../../src/core/token-format.ts'
import { foundingBy } from '../../src/core/founding.ts'
import { storesOf } from '../../src/store/stores.ts'
import { folderInMemory } from './memory.ts'
import { type Databases, sharedServer } from './postgres.ts'
import { DatabaseContents, type StoreContents, storeContents } from './store-contents.ts'

export interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

export const ENGINES = ['SQLite', 'PostgreSQL'] as const
export type EngineName = (typeof ENGINES)[number]

/** A world with a store of that kind in prospect. @param server for a store in a database, and one of its own */
export async function worldOn(engine: EngineName, server?: Databases): Promise<World> {
  return engine === 'SQLite' ? new World() : PostgresWorld.begun(server)
}

/** 2026-03-01, noon. */
const START = Date.UTC(2026, 2, 1, 12)

/**
 * A machine of its own to run command lines on: an empty home, a clock that stands still until it is set,
 * somebody at the terminal or nobody. The files and the store are real.
 */
export class World {
  readonly folder = mkdtempSync(join(folderInMemory() ?? tmpdir(), 'tokenctl-'))
  now = START
  environment: Record<string, string> = {}
  /** Somebody sits there: prompts are answered from `answers`, and output is for people. */
  terminal = false
  columns = 120
  answers: string[] = []
  /** What the prompts said. */
  asked: string[] = []
  /** The lines of lists from which one chooses. */
  shown: string[] = []
  stdin = ''
  person = { uid: process.geteuid?.() ?? 0, name: 'tester' as string | null }
  /** What stdout and stderr are, where that matters. */
  stdout: Partial<Output> = {}
  stderr: Partial<Output> = {}
  clipboard: System['clipboard'] & { text?: string } = noClipboard
  /** Replaces parts of the system for the next runs. */
  changes: Partial<System> = {}

  async run(...argv: string[]): Promise<Ended> {
    const written = { stdout: '', stderr: '' }
    const code = await main(argv, this.system(written))
    return { code, ...written }
  }

  /** Runs, and insists that it went well. @returns stdout without its last newline */
  async ok(...argv: string[]): Promise<string> {
    const { code, stdout, stderr } = await this.run(...argv)
    if (code !== 0) throw new Error(`tokenctl ${argv.join(' ')}: exit ${code}\n${stderr}`)
    return stdout.replace(/\n$/, '')
  }

  async json(...argv: string[]): Promise<unknown> {
    return JSON.parse(await this.ok(...argv, '--json'))
  }

  /** The exit code of `token verify`. */
  async verify(token: string): Promise<number> {
    this.stdin = `${token}\n`
    const { code } = await this.run('token', 'verify')
    return code
  }

  /** Makes the store, where it is not made on the way, and sees to it that `tester` is the one who asks. */
  async makeStore(): Promise<void> {
    await this.run('init')
  }

  /** As its clusteradmin, where that is not so by itself. */
  async logIn(): Promise<void> {}

  get storePath(): string {
    return join(this.folder, 'data', 'tokenctl.db')
  }

  /** As the state folder is found in that home. */
  get sessionFolder(): string {
    return join(this.folder, '.local', 'state', 'tokenctl')
  }

  get place(): Place {
    return { kind: 'file', path: this.storePath }
  }

  /** What processes of their own need to find the store. */
  get racerEnvironment(): Record<string, string> {
    return {
      TOKENCTL_STORE: this.storePath,
      PATH: process.env.PATH ?? '',
      HOME: this.folder,
      // A home is looked up only once.
      XDG_STATE_HOME: dirname(this.sessionFolder),
    }
  }

  /** Every row of every table: what must be the same when nothing changed. */
  async contents(): Promise<StoreContents> {
    return storeContents(this.storePath)
  }

  /** A command line that makes the store. */
  get initLine(): string[] {
    return ['init']
  }

  /** The store, for who asks it without a command. */
  async open(): Promise<Store> {
    const store = await storesOf(this.system()).open(this.place)
    if (store === null) throw new Error('there is no store')
    return store
  }

  /** Tampers with the store. */
  async sql(statement: string): Promise<void> {
    const database = new Database(this.storePath)
    database.exec(statement)
    database.close()
  }

  /** A world whose store is as this one's is now. */
  async copy(): Promise<World> {
    const copy = new World()
    copy.now = this.now
    mkdirSync(dirname(copy.storePath), { recursive: true, mode: 0o700 })
    copyFileSync(this.storePath, copy.storePath)
    return copy
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }

  /** Removes it with its store, wherever that is. */
  async end(): Promise<void> {
    this.remove()
  }

  /** @param written where its output is gathered */
  system(written = { stdout: '', stderr: '' }): System {
    const output = (name: 'stdout' | 'stderr'): Output => ({
      isTerminal: this.terminal,
      columns: this.columns,
      leadsSomewhere: true,
      isPipe: !this.terminal,
      isReadableByOthers: false,
      write: async (text) => {
        written[name] += text
      },
      ...this[name],
    })
    return {
      environment: this.environment,
      effectiveUid: process.geteuid?.() ?? 0,
      person: this.person,
      now: () => this.now,
      elapsed: () => performance.now(),
      randomBytes: (count) => randomBytes(count),
      stdin: { isTerminal: this.terminal, read: async (limit) => this.stdin.slice(0, limit) },
      stdout: output('stdout'),
      stderr: output('stderr'),
      openLog: () => ({
        write: (line) => {
          written.stderr += `${line()}\n`
        },
        dropped: 0,
        close: async () => {},
      }),
      isAnswered,
      files: {
        ...realFiles,
        dataFolder: async () => join(this.folder, 'data'),
        sessionFolder: async () => this.sessionFolder,
      },
      passwords: FAST,
      prompts: {
        text: (message, refuse) => this.#answer(message, refuse),
        choose: (message, choices) =>
          this.#choose(`${message} (${choices.map(({ name }) => name).join(', ')})`, choices),
        pick: (picker) => this.#pick(picker),
        confirm: async (message) => (await this.#answer(message)) === 'yes',
        secret: (message, refuse) => this.#answer(message, refuse),
        pause: async () => {},
        withoutColors: () => {},
      },
      clipboard: this.clipboard,
      holdSignals: () => () => {},
      letSignalsThrough: () => {},
      // Whatever waits for somebody to stop it is stopped at once.
      onSignal: (told) => {
        told()
        return () => {}
      },
      isInterrupted: async () => false,
      ...this.changes,
    }
  }

  /** Answered by a name; the lines in which the choices are shown are written down too. */
  async #choose<Value>(message: string, choices: readonly Choice<Value>[]): Promise<Value> {
    this.shown.push(...choices.map(({ line }) => line))
    const answer = await this.#answer(message)
    const chosen = choices.find(({ name }) => name === answer)
    if (chosen !== undefined) return chosen.value
    throw new Error(`${answer} is none of the choices: ${choices.map(({ name }) => name).join(', ')}`)
  }

  /** Likewise; `/text` is a search, after which one chooses. */
  async #pick<Value>(picker: Picker<Value>, search = ''): Promise<Value> {
    const { message } = picker
    const { title, header, choices, fixed, remark } = await picker.find(search, this.columns)
    this.shown.push(...[title, header, remark].filter((line) => line !== ''))
    const [next = ''] = this.answers
    if (next.startsWith('/')) {
      this.answers.shift()
      return this.#pick(picker, next.slice(1))
    }
    return this.#choose(search === '' ? message : `${message} ${search}`, [...choices, ...fixed])
  }

  /** An answer that is refused is asked for again, and what was said of it stands among the questions. */
  async #answer(question: string, refuse: (answer: string) => string | null = () => null): Promise<string> {
    this.asked.push(question)
    const answer = this.answers.shift()
    if (answer === undefined) throw new Error(`nobody expected to be asked: ${question}`)
    if (/^(Ctrl-C|Esc)$/.test(answer)) throw new Problem('interrupted', 'interrupted; nothing changed')
    const refusal = refuse(answer)
    if (refusal === null) return answer
    this.asked.push(`(${refusal})`)
    return this.#answer(question, refuse)
  }
}

/** What takes its time on purpose need not do so here. */
const FAST = bcryptAt(4)
/** Of `tester`, where there is one by that. */
export const PASSWORD = 'correct horse battery'

const noClipboard: System['clipboard'] = {
  isLikely: false,
  copy: async () => {
    throw new Error('there is no clipboard')
  },
}

/** The same with a database of its own, whose clock is the world's. Its store is not made on the way. */
class PostgresWorld extends World {
  readonly #server: Databases
  readonly #database: string
  readonly #contents = new DatabaseContents(() => this.storePath)
  /** Of the session that it has begun. */
  #digest = ''
  #touchedAt = 0

  private constructor(server: Databases, database: string) {
    super()
    this.#server = server
    this.#database = database
    this.environment.TOKENCTL_STORE = server.url(database)
  }

  static async begun(server = sharedServer()): Promise<PostgresWorld> {
    return new PostgresWorld(server, await server.createDatabase())
  }

  override async copy(): Promise<World> {
    await this.#contents.close()
    const copy = new PostgresWorld(this.#server, await this.#server.createDatabase(this.#database))
    copy.now = this.now
    this.#server.setClock(copy.#database, copy.now)
    await copy.logIn()
    return copy
  }

  override async run(...argv: string[]): Promise<Ended> {
    this.#server.setClock(this.#database, this.now)
    if (this.#digest !== '' && this.#touchedAt !== this.now) await this.#touch()
    return super.run(...argv)
  }

  /** As `init` does it. */
  override async makeStore(): Promise<void> {
    this.#server.setClock(this.#database, this.now)
    const system = this.system()
    const operator = { name: 'tester', uid: null, passwordHash: await FAST.hash(PASSWORD) }
    const { store } = await storesOf(system).make(this.place, foundingBy(system, 'tkc', operator))
    await store.close()
    await this.logIn()
  }

  /** Without a trace in the audit: the same commands leave the same there as on SQLite. */
  override async logIn(): Promise<void> {
    this.#server.setClock(this.#database, this.now)
    const [{ id } = {}] = await this.#contents.query('select id from store')
    const secret = newSecret(newTokenId(SESSION_PREFIX, randomBytes), randomBytes)
    mkdirSync(this.sessionFolder, { recursive: true, mode: 0o700 })
    const file = join(this.sessionFolder, sessionName(this.person.uid, String(id)))
    writeFileSync(file, `${secret}\n`, { mode: 0o600 })
    this.#digest = digestOf(secret)
    this.#touchedAt = this.now
    await this.sql(`insert into session values ('${this.#digest}', 1, ${this.now}, ${this.now})`)
  }

  /** It goes on, however far the clock is moved: what ends a session is for tests that begin one of their own. */
  async #touch(): Promise<void> {
    this.#touchedAt = this.now
    await this.sql(
      `update session set made_at = ${this.now}, used_at = ${this.now} where digest = '${this.#digest}'`,
    )
  }

  override get initLine(): string[] {
    return ['init', '--operator', 'tester', '--password-stdin']
  }

  override get storePath(): string {
    return this.environment.TOKENCTL_STORE ?? ''
  }

  override get place(): Place {
    return { kind: 'database', url: new URL(this.storePath) }
  }

  override contents(): Promise<StoreContents> {
    return this.#contents.read()
  }

  override async sql(statement: string): Promise<void> {
    await this.#contents.query(statement)
  }

  override async end(): Promise<void> {
    await super.end()
    await this.#contents.close()
    await this.#server.dropDatabase(this.#database)
  }
}

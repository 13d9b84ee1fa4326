import { authenticatePeer } from '../core/authenticate.ts'
import type { Context, Verifying } from '../core/change.ts'
import { type Consent, ConsentNeeded, type RiskKind } from '../core/consent.ts'
import { type Founding, foundingBy, type Stores } from '../core/found-store.ts'
import type { Store } from '../core/model.ts'
import { checkName } from '../core/name.ts'
import { Problem } from '../core/problem.ts'
import type { System } from '../system.ts'
import { refusal } from './ask.ts'
import { refuseForAnother } from './for-another.ts'
import { printAnswer, printNotes, rendered, type Result, type Style } from './output.ts'
import { type StoreLocation, storeLocation } from './store-location.ts'

/** Accepted by every command, before or after its name. */
export interface GlobalOptions {
  readonly store?: string
  readonly json?: true
  readonly yes?: true
  readonly force?: true
  /** False under `--no-input`. */
  readonly input: boolean
  /** False under `--no-color`. */
  readonly color: boolean
  readonly debug?: true
}

/** What a command line has at hand: the world, the store, and somebody to ask. */
export class App {
  readonly system: System
  options: GlobalOptions = { input: true, color: true }
  exitCode = 0
  readonly #stores: () => Promise<Stores>
  #store: Store | null = null

  constructor(system: System, stores: () => Promise<Stores>) {
    this.system = system
    this.#stores = stores
  }

  /** Makes a command's action of a function that gives back data: this is where all answers are printed. */
  action<Values extends unknown[]>(run: (...values: Values) => Promise<Result>) {
    return async (...values: Values): Promise<void> => {
      const { data, text, notes = [], exitCode = 0 } = await run(...values)
      this.exitCode = exitCode
      if (text !== undefined) {
        await printAnswer(this.system, await rendered({ data, text }, this.style, this.options.json === true))
      }
      await printNotes(this.system, notes)
    }
  }

  /** As an operator: the store, opened, and who is asking. */
  async context(): Promise<Context> {
    this.#refuseToken()
    const { person, now, randomBytes } = this.system
    const store = await this.open()
    return { store, actor: await authenticatePeer(store, person), osUser: person, now, randomBytes }
  }

  /** As `context`, but the default store is made if it is missing: nobody should need a ceremony for a first client. */
  async contextMakingStore(): Promise<Context> {
    this.#refuseToken()
    const { path, named } = await this.location()
    if (!named && (await this.openIfThere()) === null) {
      refuseForAnother(this.system, 'making a store')
      const founding = foundingBy(this.system.person, this.system)
      const made = await this.make(path, founding)
      if (made)
        await printNotes(this.system, [`made the store ${path}; ${founding.operator} is its clusteradmin`])
    }
    return this.context()
  }

  /** Without an operator. */
  async verifying(): Promise<Verifying> {
    const { person, now } = this.system
    return { store: await this.open(), osUser: person, now }
  }

  async open(): Promise<Store> {
    const store = await this.openIfThere()
    if (store !== null) return store
    const { path, named } = await this.location()
    const making = named ? 'tokenctl init makes it' : 'tokenctl init makes it, or the first client create'
    throw new Problem('not-found', `no store at ${path}`, making)
  }

  async openIfThere(): Promise<Store | null> {
    const { path } = await this.location()
    this.#store ??= await (await this.#stores()).open(path)
    return this.#store
  }

  /** @returns false if there was a store already, which is then opened */
  async make(path: string, founding: Founding): Promise<boolean> {
    const { store, made } = await (await this.#stores()).make(path, founding)
    this.#store = store
    return made
  }

  location(): Promise<StoreLocation> {
    return storeLocation(this.system, this.options.store)
  }

  async close(): Promise<void> {
    await this.#store?.close()
  }

  get style(): Style {
    const { stdout, environment, now } = this.system
    const plain = Boolean(environment.NO_COLOR) || environment.TERM === 'dumb' || !this.options.color
    return {
      forPeople: stdout.isTerminal,
      color: stdout.isTerminal && !plain,
      columns: stdout.columns,
      now: now(),
    }
  }

  /** Whether there is somebody to ask. */
  get canAsk(): boolean {
    const { stdin, stderr } = this.system
    return this.options.input && stdin.isTerminal && stderr.isTerminal
  }

  /**
   * A required answer: as given, or asked for where somebody is there.
   * @throws Problem `usage` naming the option where nobody is
   */
  async required(given: string | undefined, needed: string, ask: () => Promise<string>): Promise<string> {
    if (given !== undefined) return given
    if (this.canAsk) return ask()
    throw new Problem(
      'usage',
      `${needed} is needed, and there is nobody to ask`,
      'give it on the command line; --help shows how',
    )
  }

  clientName(given: string | undefined): Promise<string> {
    return this.required(given, 'a client name', () =>
      this.system.prompts.text(
        'Client name:',
        refusal((answer) => checkName('client', answer)),
      ),
    )
  }

  tokenReference(given: string | undefined): Promise<string> {
    return this.required(given, 'a token ID or a client name', () =>
      this.system.prompts.text(
        'Token ID or client name:',
        refusal((answer) => checkName('token or client', answer)),
      ),
    )
  }

  /**
   * Runs a use case, and where it needs agreement to what it would do, asks and runs it again.
   * Without a terminal, `--yes` agrees to what cannot be undone and only `--force` to what would break something.
   * @throws Problem `declined`; `usage` or `conflict` where nobody can be asked
   */
  async consenting<T>(run: (consent: Consent) => Promise<T>): Promise<T> {
    const agreed = new Set<RiskKind>()
    if (this.options.yes || this.options.force) agreed.add('irreversible')
    if (this.options.force) agreed.add('breaks')
    for (;;) {
      try {
        return await run(agreed)
      } catch (error) {
        if (!(error instanceof ConsentNeeded)) throw error
        await this.#agree(error)
        for (const { kind } of error.risks) agreed.add(kind)
      }
    }
  }

  async #agree({ risks, message }: ConsentNeeded): Promise<void> {
    const breaks = risks.some(({ kind }) => kind === 'breaks')
    if (!this.canAsk) {
      if (breaks) throw new Problem('conflict', message, '--force goes on all the same')
      throw new Problem('usage', `${message}, and there is nobody to ask`, '--yes goes on without asking')
    }
    const question = risks.map(({ says }) => `${says.charAt(0).toUpperCase()}${says.slice(1)}.`).join(' ')
    if (!(await this.system.prompts.confirm(`${question} Go on?`)))
      throw new Problem('declined', 'declined; nothing changed')
  }

  /** A token that is there decides who is asking, and none can yet: falling back to the person would give more than meant. */
  #refuseToken(): void {
    if (this.system.environment.TOKENCTL_TOKEN === undefined) return
    throw new Problem(
      'not-logged-in',
      'TOKENCTL_TOKEN is set, and no token can administer this store',
      'unset it to act as yourself',
    )
  }
}

import { WITHOUT } from '../core/authenticate.ts'
import type { Context, VerifyContext } from '../core/change.ts'
import { type Founding, foundingBy, type Stores } from '../core/founding.ts'
import { findScope } from '../core/find-scope.ts'
import type { Millis, UidsWithin } from '../core/model.ts'
import { type Place, shown } from '../core/place.ts'
import { checkScope, type Scope } from '../core/scope.ts'
import type { Store } from '../core/store.ts'
import { Problem } from '../core/problem.ts'
import type { Verifier } from '../core/verifier.ts'
import type { Output, System } from '../system.ts'
import { type Asker, askerOf, tokenOf } from './asker.ts'
import { actsForAnother, refuseForAnother } from './for-another.ts'
import { type Listing, printListing } from './listing.ts'
import { printAnswer, printNotes, rendered, type Result, type Style } from './output.ts'
import { type StoreLocation, storeLocation } from './store-location.ts'

/** Accepted by every command, before or after its name. */
export interface GlobalOptions {
  readonly store?: string
  readonly tokenFile?: string
  /** Of those commands that take it. */
  readonly scope?: string | undefined
  readonly json?: true
  readonly yes?: true
  readonly force?: true
  /** False under `--no-input`. */
  readonly input: boolean
  /** False under `--no-color`. */
  readonly color: boolean
  readonly debug?: true
}

interface Asking {
  /** Not even of a use. */
  readonly leavesNoTrace?: boolean
  /** What `--scope` says is left to the command: it need not be there. */
  readonly anyScope?: boolean
}

interface Asked {
  readonly asker: Asker
  readonly context: Context
}

const nothing = (): string => ''

/** What a command line has at hand: the world and the store. */
export class App {
  system: System
  options: GlobalOptions = { input: true, color: true }
  exitCode = 0
  readonly #stores: () => Promise<Stores>
  #store: Store | null = null
  #opening: Promise<Store | null> | null = null
  #isUsed = false

  constructor(system: System, stores: () => Promise<Stores>) {
    this.system = system
    this.#stores = stores
  }

  /** What the command line says to every command. */
  take(options: GlobalOptions): void {
    this.options = options
    if (!options.color) this.system.prompts.withoutColors()
  }

  /** From here on names are looked for there, as if `--scope` had said so. */
  lookIn(scope: Scope): void {
    this.options = { ...this.options, scope }
  }

  /** Makes a command's action of a function that gives back data. */
  action<Values extends unknown[], Row>(run: (...values: Values) => Promise<Result | Listing<Row>>) {
    return async (...values: Values): Promise<void> => {
      const result = await run(...values)
      this.exitCode =
        'rows' in result
          ? await printListing(this.system, result, this.style, this.options.json === true)
          : await this.print(result)
    }
  }

  /** The one place that prints an answer. @returns the exit code */
  async print({ data, text = nothing, notes = [], exitCode = 0 }: Result): Promise<number> {
    if (data !== undefined) {
      await printAnswer(this.system, await rendered({ data, text }, this.style, this.options.json === true))
    }
    await printNotes(this.system, notes)
    return exitCode
  }

  /** As an operator: the store, opened, and who is asking. */
  async context(): Promise<Context> {
    return (await this.asking()).context
  }

  /** As `context`, with how it is known who is asking. */
  async asking({ leavesNoTrace = false, anyScope = false }: Asking = {}): Promise<Asked> {
    const scope = anyScope ? undefined : this.options.scope
    if (scope !== undefined) checkScope(scope)
    const asker = await askerOf(this)
    const { authenticate } = asker
    const { place } = await this.location()
    const verifying = await this.verifying()
    const actor = await authenticate(verifying.store)
    if (!leavesNoTrace && !this.#isUsed) await asker.used(verifying)
    this.#isUsed = true
    const { randomBytes } = this.system
    const who = { ...verifying, actor, authenticate, randomBytes, uidsWithin: this.#uidsWithin(place) }
    const at = scope === undefined ? null : await findScope(who, scope)
    return { asker, context: { ...who, scope: at } }
  }

  /** As `context`, but the default store is made if it is missing: nobody should need a ceremony for a first client. */
  async contextMakingStore(): Promise<Context> {
    const { place, named } = await this.location()
    if (!named && (await this.openIfThere()) === null) {
      this.refuseToken()
      refuseForAnother(this.system, 'making a store on the way', 'tokenctl init makes it')
      const founding = foundingBy(this.system)
      const made = await this.make(place, founding)
      if (made) {
        await printNotes(this.system, [
          `made the store ${shown(place)}; ${founding.operator.name} is its clusteradmin`,
        ])
      }
    }
    return this.context()
  }

  /** The owner of a file is who can open it; everybody else comes through sudo. */
  #uidsWithin({ kind }: Place): UidsWithin {
    if (kind === 'database') return 'none'
    return actsForAnother(this.system) ? 'any' : this.system.effectiveUid
  }

  /** Without an operator. */
  async verifying(): Promise<VerifyContext> {
    const osUser = this.system.person
    const store = await this.open()
    return { store, osUser, now: () => store.now() }
  }

  /** Without an operator, for many verdicts. It closes the store. */
  async verifier(): Promise<Verifier> {
    const { Verifier } = await import('../core/verifier.ts')
    const { store, osUser } = await this.verifying()
    const verifier = await Verifier.on(store, osUser)
    this.#store = null
    return verifier
  }

  async open(): Promise<Store> {
    const store = await this.openIfThere()
    if (store !== null) return store
    const { place, named } = await this.location()
    const making = named ? 'tokenctl init makes it' : 'tokenctl init makes it, or the first client create'
    throw new Problem('not-found', `no store at ${shown(place)}`, making)
  }

  /** @param patience as for `Stores.open` */
  async openIfThere(patience?: Millis): Promise<Store | null> {
    const { place } = await this.location()
    if (this.#store !== null) return this.#store
    // Several may ask at once: of a list that is being searched, and for what was chosen from it.
    this.#opening ??= this.#stores().then((stores) => stores.open(place, patience))
    try {
      this.#store ??= await this.#opening
      return this.#store
    } finally {
      this.#opening = null
    }
  }

  /** @returns false if there was a store already, which is then opened */
  async make(place: Place, founding: Founding): Promise<boolean> {
    const { store, made } = await (await this.#stores()).make(place, founding)
    this.#store = store
    return made
  }

  location(): Promise<StoreLocation> {
    return storeLocation(this.system, this.options.store)
  }

  /** Leaves the store, which is opened again when it is wanted: another may be in its place by then. */
  async leaveStore(): Promise<void> {
    const store = this.#store
    this.#store = null
    await store?.close()
  }

  async close(): Promise<void> {
    await this.#store?.close()
  }

  /** By the store's clock, once it is open: what it says of times is said by it. */
  now(): Millis {
    return this.#store?.now() ?? this.system.now()
  }

  get style(): Style {
    return this.#styleOn(this.system.stdout)
  }

  /** Of questions, which are asked on stderr. */
  get askingStyle(): Style {
    return this.#styleOn(this.system.stderr)
  }

  #styleOn({ isTerminal, columns }: Output): Style {
    const { environment } = this.system
    const plain = Boolean(environment.NO_COLOR) || environment.TERM === 'dumb' || !this.options.color
    return { forPeople: isTerminal, color: isTerminal && !plain, columns, now: this.now() }
  }

  /** A token that is there decides who is asking: falling back to the person would give more than meant. */
  refuseToken(): void {
    const token = tokenOf(this)
    if (token === null) return
    throw new Problem(
      'not-logged-in',
      `there is a token in ${token.from}, and a token makes no store`,
      `${WITHOUT[token.from]} to make it as yourself`,
    )
  }
}

import type { App } from '../cli/app.ts'
import { confirm } from '../cli/ask.ts'
import { tokenOf } from '../cli/asker.ts'
import { pickRow } from '../cli/choose.ts'
import { escaped } from '../cli/escape.ts'
import { EXIT_CODES } from '../cli/exit-codes.ts'
import { printRemark } from '../cli/output.ts'
import { grey } from '../cli/paint.ts'
import { CLIENTS, OWN_TOKENS } from '../cli/kinds.ts'
import type { CommandLine } from '../cli/run.ts'
import { sessionSecret } from '../cli/session-file.ts'
import { may, scopesFor } from '../core/authority.ts'
import type { Context } from '../core/change.ts'
import { workingScopeOrNone } from '../core/find-scope.ts'
import type { ClientSummary, TokenSummary } from '../core/model.ts'
import { shown } from '../core/place.ts'
import { interrupted, isProblem } from '../core/problem.ts'
import { CLUSTER, type Scope } from '../core/scope.ts'
import { withoutSecrets } from '../core/token-format.ts'
import { orBack } from './back.ts'
import { clientDeeds, createClient } from './client-deeds.ts'
import { createOwnToken, tokenDeeds, tokenTitle } from './token-deeds.ts'
import { chooseDeed, type Deed, type Line, quotedForShell } from './deed.ts'
import { named } from '../core/called.ts'

/**
 * Access Token Management: a table of the clients, of which one is chosen, and then what is to be done with it.
 * Whatever is done is a command line, which is run as such and shown. Esc or Ctrl-C goes back one step, and from the
 * table it leaves.
 * @returns the exit code
 */
export async function screen(app: App, commandLine: CommandLine): Promise<number> {
  const management = new Management(app, commandLine)
  try {
    if ((await app.openIfThere()) === null) {
      const code = await management.begin()
      if ((await app.openIfThere()) === null) return code
    }
    const entered = await management.enter()
    return entered === 0 ? await management.goOn() : entered
  } catch (error) {
    // Told to end: what was done before has been said, and is not undone.
    if (isProblem(error) && error.kind === 'interrupted') return EXIT_CODES.interrupted
    throw error
  }
}

/** What always stands below a table. */
const below = (deed: Deed) => ({ value: deed, line: `+ ${deed.says}`, name: deed.says })

class Management {
  readonly #app: App
  readonly #commandLine: CommandLine
  readonly #bookmark = { search: '', name: '' }
  #ownScope: Scope | null = null

  constructor(app: App, commandLine: CommandLine) {
    this.#app = app
    this.#commandLine = commandLine
  }

  /** The first run: the store, and its first client. @returns the exit code, if there is no store then */
  async begin(): Promise<number> {
    const question = `There is no store at ${await this.#place()}. Make one?`
    const isWanted = await orBack(this.#app, () => confirm(this.#app, question))
    if (isWanted !== true) return 0
    const code = await this.#run(['init'])
    if (code === 0) await this.#perform(createClient)
    return code
  }

  /** Where people have to log in, somebody who has not is asked to. @returns the exit code; 0: somebody is here */
  async enter(): Promise<number> {
    const { place } = await this.#app.location()
    if (place.kind === 'file' || (await isKnown(this.#app))) return 0
    return this.#run(['login'])
  }

  async goOn(): Promise<number> {
    for (;;) {
      const chosen = await this.#choose()
      if (chosen === null) return 0
      await this.#manage(chosen)
    }
  }

  /** @returns null to leave */
  async #choose(): Promise<ClientSummary | TokenSummary | Deed | null> {
    await this.#app.leaveStore()
    const context = await this.#app.context()
    const { actor } = context
    this.#ownScope = workingScopeOrNone(context)
    const title = [
      'Access Token Management',
      `${actor.name} at ${await this.#place()}`,
      ...this.#agreed,
    ].join(' · ')
    const keys = { enter: 'open', escape: 'leave' }
    const around = { title, keys, echo: false, bookmark: this.#bookmark }
    return orBack<ClientSummary | TokenSummary | Deed>(this.#app, () =>
      hasOnlyTheirs(context)
        ? pickRow(this.#app, OWN_TOKENS, around, [below(createOwnToken)])
        : pickRow(this.#app, CLIENTS, around, [below(createClient)]),
    )
  }

  /** Until something was done with it, or nothing is wanted. */
  async #manage(chosen: ClientSummary | TokenSummary | Deed): Promise<void> {
    if ('says' in chosen) {
      await this.#perform(chosen)
      return
    }
    const [title, deeds] =
      'client' in chosen
        ? [tokenTitle(chosen), tokenDeeds(chosen)]
        : [`Client ${named(chosen)}`, clientDeeds(chosen, this.#ownScope)]
    for (;;) {
      const deed = await orBack(this.#app, () => chooseDeed(this.#app, title, deeds))
      if (deed === null || (await this.#perform(deed))) return
    }
  }

  /** @returns false if one went back: by Esc, or by a no */
  async #perform(deed: Deed): Promise<boolean> {
    const line = await orBack(this.#app, () => deed.line(this.#app))
    if (line === null || wasLeft(await this.#run(line))) return false
    await orBack(this.#app, () => this.#app.system.prompts.pause('Enter: back to the table'))
    return true
  }

  /** Runs it, and shows it, so that one learns. @returns the exit code */
  async #run(line: Line): Promise<number> {
    const { options, run } = this.#commandLine
    const code = await run(line)
    const isToldToEnd = await this.#app.system.isInterrupted()
    // A write holds them until the process ends, which goes on here. Not sooner: one that came during it would be lost.
    this.#app.system.letSignalsThrough()
    if (isToldToEnd) throw interrupted()
    if (wasLeft(code)) return code
    const typed = ['tokenctl', ...options, ...line].map(quotedForShell).join(' ')
    await printRemark(this.#app.system, await grey(this.#app.askingStyle, escaped(`as a command: ${typed}`)))
    return code
  }

  /** What will not be asked any more. */
  get #agreed(): string[] {
    const { force, yes } = this.#app.options
    if (force) return ['--force']
    return yes ? ['--yes'] : []
  }

  async #place(): Promise<string> {
    const { HOME = '' } = this.#app.system.environment
    const place = withoutSecrets(shown((await this.#app.location()).place))
    return HOME !== '' && place.startsWith(`${HOME}/`) ? `~${place.slice(HOME.length)}` : place
  }
}

/** Who sees no clients, and may have tokens of their own. */
const hasOnlyTheirs = ({ actor }: Context): boolean =>
  scopesFor(actor, 'client list').length === 0 && may(actor, 'own-token list', CLUSTER)

/** Whether something says who is asking, right or wrong. */
async function isKnown(app: App): Promise<boolean> {
  return tokenOf(app) !== null || (await sessionSecret(app)) !== null
}

/** By Esc, Ctrl-C or a no. */
const wasLeft = (code: number): boolean => code === EXIT_CODES.interrupted || code === EXIT_CODES.declined

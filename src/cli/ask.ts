import { type Consent, ConsentNeeded, type Risk, type RiskKind } from '../core/consent.ts'
import { checkName, checkRoleName } from '../core/name.ts'
import { isProblem, Problem } from '../core/problem.ts'
import { checkGroupName, checkOrgName } from '../core/scope.ts'
import type { App } from './app.ts'
import { escaped } from './escape.ts'

/** The name of a client that is to be. */
export const clientName = (app: App, given?: string): Promise<string> =>
  required(app, given, 'a client name', () => askClientName(app))

export const askClientName = (app: App, earlier?: string): Promise<string> =>
  text(app, 'Client name:', (answer) => checkName('client', answer), earlier)

/** The name of a role that is to be. */
export const roleName = (app: App, given?: string): Promise<string> =>
  required(app, given, 'a role name', () => text(app, 'Role name:', checkRoleName))

/** The name of an organization that is to be. */
export const orgName = (app: App, given?: string): Promise<string> =>
  required(app, given, 'an organization name', () => text(app, 'Organization name:', checkOrgName))

/** The name of a group that is to be. */
export const groupName = (app: App, given?: string): Promise<string> =>
  required(app, given, 'a group name', () => text(app, 'Group name (acme/etl):', checkGroupName))

/** The name of an operator that is to be. */
export const operatorName = (app: App, given?: string): Promise<string> =>
  required(app, given, 'an operator name', () =>
    text(app, 'Operator name:', (answer) => checkName('operator', answer)),
  )

/**
 * A required answer: as given, or asked for where somebody is there.
 * @throws Problem `usage` naming the option where nobody is
 */
export async function required(
  app: App,
  given: string | undefined,
  needed: string,
  ask: () => Promise<string>,
  hint = 'give it on the command line; --help shows how',
): Promise<string> {
  if (given !== undefined) return given
  if (canAsk(app)) return ask()
  throw new Problem('usage', `${needed} is needed, and there is nobody to ask`, hint)
}

/** A line of text. @param check throws the rule it would break, which is then shown, and asked again */
export const text = ({ system }: App, message: string, check: Check, earlier?: string): Promise<string> =>
  system.prompts.text(message, refusing(check), earlier)

/** The same, typed unseen. */
export const secret = ({ system }: App, message: string, check: Check): Promise<string> =>
  system.prompts.secret(message, refusing(check))

/** No is the default. @param question may hold what came from outside */
export const confirm = ({ system }: App, question: string): Promise<boolean> =>
  system.prompts.confirm(escaped(question))

type Check = (answer: string) => unknown

/** What a prompt says of an answer that breaks a rule; null: it breaks none. */
const refusing =
  (check: Check) =>
  (answer: string): string | null => {
    try {
      check(answer)
      return null
    } catch (error) {
      if (!isProblem(error)) throw error
      return escaped(error.hint ?? error.message)
    }
  }

/**
 * Runs a use case, and where it needs agreement to what it would do, asks and runs it again.
 * Without a terminal, `--yes` agrees to what cannot be undone and only `--force` to what would break something.
 * @throws Problem `declined`; `usage` or `conflict` where nobody can be asked
 */
export async function consenting<T>(app: App, run: (consent: Consent) => Promise<T>): Promise<T> {
  const { yes, force } = app.options
  const kinds = new Set<RiskKind>()
  if (yes || force) kinds.add('irreversible')
  if (force) kinds.add('breaks')
  let risks: readonly Risk[] = []
  for (;;) {
    try {
      return await run({ kinds, risks })
    } catch (error) {
      if (!(error instanceof ConsentNeeded)) throw error
      await agree(app, error)
      risks = [...risks, ...error.risks]
    }
  }
}

async function agree(app: App, { risks, message }: ConsentNeeded): Promise<void> {
  if (!canAsk(app)) {
    if (risks.some(({ kind }) => kind === 'breaks')) {
      throw new Problem('conflict', message, '--force does it anyway')
    }
    throw new Problem('usage', `${message}, and there is nobody to ask`, '--yes does it without asking')
  }
  const sentences = risks.map(({ says }) => `${says.charAt(0).toUpperCase()}${says.slice(1)}.`)
  if (await confirm(app, `${sentences.join(' ')} Continue?`)) return
  throw new Problem('declined', 'declined; nothing changed')
}

function canAsk({ system: { stdin, stderr }, options }: App): boolean {
  return options.input && stdin.isTerminal && stderr.isTerminal
}

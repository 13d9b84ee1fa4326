import type { App } from '../../cli/app.ts'
import { clientName } from '../../cli/ask.ts'
import { clientRole } from '../../cli/choose.ts'
import { addHelp } from '../../cli/help.ts'
import { description, expires, newTokenBy, type NewTokenOptions } from '../../cli/new-token-options.ts'
import { offNote } from '../../cli/off-note.ts'
import type { Result } from '../../cli/output.ts'
import type { Group } from '../../cli/program.ts'
import { scope } from '../../cli/scope-option.ts'
import { deliveryBy, type SecretOptions } from '../../cli/secret-delivery.ts'
import { copy, noCopy, replace, secretFile } from '../../cli/secret-options.ts'
import { ending } from '../../cli/time.ts'
import { ISSUED_FIELDS, issuedAnswer, newTokenNote } from '../../cli/token-view.ts'
import { createClient, type Created, type Unfinished } from '../../core/create-client.ts'
import type { Millis } from '../../core/model.ts'
import { checkName, nameKey } from '../../core/name.ts'
import { BUILT_IN_ROLES } from '../../core/permission.ts'
import { Problem } from '../../core/problem.ts'

interface Options extends NewTokenOptions, SecretOptions {
  readonly role?: string | undefined
  /** False under `--no-token`. */
  readonly token: boolean
}

export function clientCreate(group: Group, app: App): void {
  const command = group
    .command('create')
    .summary('register a client and give out its token')
    .description('Registers a client with its first token, whose secret is given out this once.')
    .argument('[name]', 'what the client is called, such as BI or JDBC')
    .addOption(scope)
    .option('--role <role>', 'the role whose permissions it gets')
    .addOption(expires)
    .addOption(description)
    .addOption(secretFile)
    .addOption(replace)
    .addOption(copy)
    .addOption(noCopy)
    .option('--no-token', 'give out nothing yet; token regenerate does it later')
    .action(app.action(async (name, options) => create(app, name, options)))
  addHelp(command, {
    json: ISSUED_FIELDS,
    examples: [
      'tokenctl client create BI --role user',
      "tokenctl client create nightly --role user --expires 90d --description 'nightly load'",
      'tokenctl client create JDBC --role user --secret-file /run/secrets/jdbc --json',
    ],
  })
}

async function create(app: App, given: string | undefined, options: Options): Promise<Result> {
  const input = newTokenBy(options, app.now())
  if (!options.token) refuseDelivery(options)
  const delivery = options.token ? await deliveryBy(app, options, issuedAnswer) : null
  const name = checkName('client', await clientName(app, given))
  const role = await clientRole(app, options.role)

  // A store that is made on the way has the built-in roles and no other.
  const context = BUILT_IN_ROLES.includes(nameKey(role))
    ? await app.contextMakingStore()
    : await app.context()
  const created = await createClient(context, { name, role, ...input }, delivery?.sink ?? null)
  const notes = [...remarks(created, app.now()), ...((await delivery?.afterwards()) ?? [])]
  const { token } = created
  return delivery === null ? { ...issuedAnswer({ token, expiresAt: null }, null, null), notes } : { notes }
}

function remarks({ token, secret, replaced }: Created, now: Millis): string[] {
  const state = secret === null ? 'no secret yet' : ending(secret.expiresAt, now)
  const summary = newTokenNote(token, state)
  const notes = [summary, ...offNote(token)]
  return replaced === null ? notes : [voidNote(token.client.name, replaced), ...notes]
}

const voidNote = (name: string, { since }: Unfinished): string =>
  `an unfinished client ${name} of ${new Date(since).toISOString()} was replaced: what was given out for it is void`

function refuseDelivery({ secretFile, copy }: Options): void {
  if (secretFile === undefined && copy !== true) return
  throw new Problem('usage', '--no-token leaves nothing to deliver', 'drop it, or --secret-file and --copy')
}

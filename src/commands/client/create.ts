import type { App } from '../../cli/app.ts'
import { clientName, required } from '../../cli/ask.ts'
import { addHelp } from '../../cli/help.ts'
import type { Result } from '../../cli/output.ts'
import type { Group } from '../../cli/program.ts'
import { deliveryBy, type SecretOptions } from '../../cli/secret-delivery.ts'
import { copy, noCopy, replace, secretFile } from '../../cli/secret-options.ts'
import { ending } from '../../cli/time.ts'
import { ISSUED_FIELDS, issuedAnswer } from '../../cli/token-view.ts'
import { createClient, type Created, type Unfinished } from '../../core/create-client.ts'
import { DEFAULT_EXPIRES, parseExpires } from '../../core/lifetime.ts'
import type { Millis } from '../../core/model.ts'
import { checkDescription, checkName, checkRoleName } from '../../core/name.ts'
import { BUILT_IN_ROLES } from '../../core/permission.ts'
import { Problem } from '../../core/problem.ts'

interface Options extends SecretOptions {
  readonly role?: string | undefined
  readonly expires?: string | undefined
  readonly description?: string | undefined
  /** False under `--no-token`. */
  readonly token: boolean
}

export function clientCreate(group: Group, app: App): void {
  const command = group
    .command('create')
    .summary('register a client and give out its token')
    .description('Registers a client with its first token, whose secret is given out this once.')
    .argument('[name]', 'what the client is called, such as BI or JDBC')
    .option('--role <role>', 'the role whose permissions it gets')
    .option('--expires <when>', "days, 90d, 24h, a date, or 'never' (default: 365 days)")
    .option('--description <text>', 'what the token is for')
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
  const now = app.now()
  const expires = options.expires === undefined ? DEFAULT_EXPIRES : parseExpires(options.expires, now)
  const description = options.description === undefined ? null : checkDescription(options.description)
  if (!options.token) refuseDelivery(options)
  const delivery = options.token ? await deliveryBy(app, options, issuedAnswer) : null
  const name = checkName('client', await clientName(app, given))
  const role = checkRoleName(await required(app, options.role, '--role', () => askRole(app)))

  // A store that is made on the way has the built-in roles and no other.
  const context = BUILT_IN_ROLES.includes(role) ? await app.contextMakingStore() : await app.context()
  const created = await createClient(context, { name, role, description, expires }, delivery?.sink ?? null)
  const notes = [...remarks(created, now), ...((await delivery?.afterwards()) ?? [])]
  const { token } = created
  return delivery === null ? { ...issuedAnswer({ token, expiresAt: null }, null, null), notes } : { notes }
}

/** The store's own roles first, and of the built-in ones the most powerful last: Enter alone must not give much away. */
async function askRole(app: App): Promise<string> {
  const roles = (await (await app.openIfThere())?.roles()) ?? []
  const own = roles.filter(({ builtIn }) => !builtIn).map(({ name }) => name)
  return app.system.prompts.choose('Client role:', [...own, ...BUILT_IN_ROLES])
}

function remarks({ token: { id, client }, secret, replaced }: Created, now: Millis): string[] {
  const state = secret === null ? 'no secret yet' : ending(secret.expiresAt, now)
  const summary = `client ${client.name}, role ${client.role}: token ${id}, ${state}`
  return replaced === null ? [summary] : [voidNote(client.name, replaced), summary]
}

const voidNote = (name: string, { since }: Unfinished): string =>
  `an unfinished client ${name} of ${new Date(since).toISOString()} was replaced: what was given out for it is void`

function refuseDelivery({ secretFile, copy }: Options): void {
  if (secretFile === undefined && copy !== true) return
  throw new Problem('usage', '--no-token leaves nothing to deliver', 'drop it, or --secret-file and --copy')
}

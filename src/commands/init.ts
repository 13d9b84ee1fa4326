import type { App } from '../cli/app.ts'
import { required, text } from '../cli/ask.ts'
import { addHelp } from '../cli/help.ts'
import { newPassword } from '../cli/new-password.ts'
import { type Result, sentence } from '../cli/output.ts'
import type { Program } from '../cli/program.ts'
import { type FirstOperator, foundingBy } from '../core/founding.ts'
import { checkName } from '../core/name.ts'
import { type Place, shown } from '../core/place.ts'
import { Problem } from '../core/problem.ts'

interface Options {
  readonly tokenPrefix?: string | undefined
  readonly operator?: string | undefined
  readonly passwordStdin?: true | undefined
}

export function init(program: Program, app: App): void {
  const command = program
    .command('init')
    .summary('make a store')
    .description(
      'Makes a store. In a file, you become its first clusteradmin, known by your user ID.\n' +
        'In a PostgreSQL database, which must exist, its first clusteradmin is given a name and a password.',
    )
    .option('--token-prefix <prefix>', 'what its tokens begin with (default: tkc)')
    .option('--operator <name>', 'in a database: what its first clusteradmin is called')
    .option('--password-stdin', 'read its password from standard input')
    .action(app.action((options) => make(app, options)))
  addHelp(command, {
    json: {
      path: 'where the store is: a path, or a URL without its password',
      id: "the store's ID",
      tokenPrefix: 'what its tokens begin with',
      operator: 'its first clusteradmin',
    },
    examples: [
      'tokenctl init',
      'tokenctl init --store /srv/tokens/tokenctl.db --token-prefix acme',
      'tokenctl init --store postgres://tokenctl@db.example/tokens --operator alice --password-stdin < password',
    ],
  })
}

async function make(app: App, options: Options): Promise<Result> {
  app.refuseToken()
  const { place } = await app.location()
  const founding = foundingBy(app.system, options.tokenPrefix, await firstOperator(app, place, options))
  if (!(await app.make(place, founding))) throw alreadyThere(place)
  const { storeId: id, tokenPrefix, operator } = founding
  return {
    data: { path: shown(place), id, tokenPrefix, operator: operator.name },
    text: sentence(`made the store ${shown(place)}; ${operator.name} is its clusteradmin`),
    notes: operator.passwordHash === null ? [] : [`log in with: tokenctl login ${operator.name}`],
  }
}

const alreadyThere = (place: Place): Problem =>
  new Problem(
    'conflict',
    `there is a store at ${shown(place)} already`,
    'tokenctl store info says what is in it',
  )

/** Undefined: the person who makes it. */
async function firstOperator(app: App, place: Place, options: Options): Promise<FirstOperator | undefined> {
  if (place.kind === 'database') return named(app, place, options)
  const { operator, passwordStdin } = options
  if (operator === undefined && passwordStdin === undefined) return undefined
  throw new Problem(
    'usage',
    '--operator and --password-stdin are for a store in a database',
    'of one in a file you are the clusteradmin, known by your user ID',
  )
}

async function named(app: App, place: Place, { operator, passwordStdin }: Options): Promise<FirstOperator> {
  // Before anything is asked.
  if ((await app.openIfThere()) !== null) throw alreadyThere(place)
  const check = (name: string): string => checkName('operator', name)
  const name = check(await required(app, operator, '--operator', () => text(app, 'Operator name:', check)))
  const password = await newPassword(app, passwordStdin === true)
  return { name, uid: null, passwordHash: await app.system.passwords.hash(password) }
}

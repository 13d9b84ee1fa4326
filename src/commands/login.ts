import type { App } from '../cli/app.ts'
import { required, text } from '../cli/ask.ts'
import { addHelp } from '../cli/help.ts'
import { tokenDecidesNote } from '../cli/asker.ts'
import { givenPassword } from '../cli/new-password.ts'
import { type Result, sentence } from '../cli/output.ts'
import type { Program } from '../cli/program.ts'
import { keepSession, keptSession } from '../cli/session-file.ts'
import { lasting, timestamp } from '../cli/time.ts'
import { login as logIn } from '../core/login.ts'
import { checkName } from '../core/name.ts'
import { shown } from '../core/place.ts'

interface Options {
  readonly passwordStdin?: true | undefined
}

export function login(program: Program, app: App): void {
  const command = program
    .command('login')
    .summary('begin a session, by a password')
    .description(
      'Begins a session: until it ends, your commands on this store are done as that operator. It ends by logout, after a time (session-lifetime), and when it is not used for a while (session-idle).',
    )
    .argument('[operator]', 'as whom (asked for)')
    .option('--password-stdin', 'read the password from standard input')
    .action(app.action((name, options) => begin(app, name, options)))
  addHelp(command, {
    json: {
      operator: 'as whom you act from now on',
      until: 'when the session ends at the latest, RFC 3339',
      store: 'of which store: a path, or a URL without its password',
    },
    examples: ['tokenctl login alice', 'tokenctl login alice --password-stdin < password'],
  })
}

async function begin(app: App, given: string | undefined, { passwordStdin }: Options): Promise<Result> {
  const verifying = await app.verifying()
  const check = (name: string): string => checkName('operator', name)
  const name = await required(app, given, 'an operator name', () => text(app, 'Operator name:', check))
  const password = await givenPassword(app, passwordStdin === true)
  const { randomBytes, passwords } = app.system
  const { operator, until } = await logIn(
    { ...verifying, randomBytes, passwords },
    { name, password, former: await keptSession(app) },
    await keepSession(app),
  )
  const { place } = await app.location()
  return {
    data: { operator, until: timestamp(until), store: shown(place) },
    text: (style) => sentence(`logged in as ${operator}, ${lasting(style, until)}`)(),
    notes: tokenDecidesNote(app),
  }
}

import type { App } from '../cli/app.ts'
import { tokenDecidesNote } from '../cli/asker.ts'
import { addHelp } from '../cli/help.ts'
import { type Result, sentence } from '../cli/output.ts'
import type { Program } from '../cli/program.ts'
import { dropSession, keptSession } from '../cli/session-file.ts'
import { logout as logOut } from '../core/login.ts'
import { shown } from '../core/place.ts'

export function logout(program: Program, app: App): void {
  const command = program
    .command('logout')
    .summary('end your session')
    .description(
      'Ends your session in this store. You act as yourself again where the operating system says who you are.',
    )
    .action(app.action(() => end(app)))
  addHelp(command, {
    json: {
      operator: 'as whom you were logged in; null: you were not',
      store: 'in which store: a path, or a URL without its password',
    },
    examples: ['tokenctl logout', 'tokenctl logout --store postgres://tokenctl@db.example/tokens'],
  })
}

async function end(app: App): Promise<Result> {
  const verifying = await app.verifying()
  const session = await keptSession(app)
  const operator = session === null ? null : await logOut(verifying, session)
  await dropSession(app)
  const { place } = await app.location()
  return {
    data: { operator, store: shown(place) },
    text: sentence(operator === null ? '' : `logged out: ${operator}`),
    notes: [
      ...(operator === null
        ? [session === null ? 'you were not logged in' : 'your session had ended already']
        : []),
      ...tokenDecidesNote(app),
    ],
  }
}

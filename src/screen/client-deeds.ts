import type { App } from '../cli/app.ts'
import { clientName } from '../cli/ask.ts'
import { clientRole } from '../cli/choose.ts'
import type { ClientSummary } from '../core/model.ts'
import { inTurn } from './back.ts'
import { type Deed, deed } from './deed.ts'
import { newTokenOptions, newTokenQuestions } from './questions.ts'
import { chooseToken, oneOfItsTokens, regenerate, regenerateWithOverlap } from './token-deeds.ts'

export const createClient: Deed = {
  says: 'Create New Client',
  shows: 'client create',
  async line(app) {
    const questions = [() => clientName(app), () => clientRole(app, undefined), ...newTokenQuestions(app)]
    const [name = '', role = '', ...answers] = await inTurn(app, questions)
    return ['client', 'create', name, '--role', role, ...newTokenOptions(answers)]
  },
}

/** What can be done with a client: first what changes nothing, and last what cannot be undone. */
export function clientDeeds({ name, tokens, disabledAt, isJobs }: ClientSummary): Deed[] {
  const which = (app: App) => (tokens === 1 ? [] : [async () => (await chooseToken(app, name)).id])
  const ofTokens = [regenerate(name, which), regenerateWithOverlap(name, which), oneOfItsTokens(name)]
  return [
    deed('Show', 'client', 'show', name),
    disabledAt === null
      ? deed('Disable', 'client', 'disable', name)
      : deed('Enable', 'client', 'enable', name),
    ...(tokens > 0 ? ofTokens : []),
    newToken(name),
    anotherRole(name),
    isJobs
      ? deed('No longer run Jobs as it', 'jobs', 'clear-connection')
      : deed('Make it the Jobs connection', 'jobs', 'set-connection', name),
    deed('Delete', 'client', 'delete', name),
  ]
}

const newToken = (name: string): Deed => ({
  says: 'Give it a further token',
  shows: `token create ${name}`,
  line: async (app) => [
    'token',
    'create',
    name,
    ...newTokenOptions(await inTurn(app, newTokenQuestions(app))),
  ],
})

const anotherRole = (name: string): Deed => ({
  says: 'Give it another role',
  shows: `client update ${name} --role …`,
  line: async (app) => ['client', 'update', name, '--role', await clientRole(app, undefined)],
})

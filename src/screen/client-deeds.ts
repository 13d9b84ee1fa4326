import { askClientName } from '../cli/ask.ts'
import { clientRole } from '../cli/choose.ts'
import type { ClientSummary } from '../core/model.ts'
import { inTurn } from './back.ts'
import { type Deed, deed } from './deed.ts'
import { newTokenOptions, newTokenQuestions } from './questions.ts'
import { oneOfItsTokens, regenerate, regenerateWithOverlap } from './token-deeds.ts'

export const createClient: Deed = {
  says: 'Create New Client',
  shows: 'client create',
  async line(app) {
    const [name = '', role = '', ...answers] = await inTurn(app, [
      (earlier) => askClientName(app, earlier),
      () => clientRole(app, undefined),
      ...newTokenQuestions(app),
    ])
    return ['client', 'create', name, '--role', role, ...newTokenOptions(answers)]
  },
}

/** What can be done with a client: first what changes nothing, and last what cannot be undone. */
export function clientDeeds({ name, tokens, disabledAt, isJobs }: ClientSummary): Deed[] {
  return [
    deed('Show', 'client', 'show', name),
    disabledAt === null
      ? deed('Disable', 'client', 'disable', name)
      : deed('Enable', 'client', 'enable', name),
    // A name stands for a token only where there is just one.
    ...(tokens === 1 ? [regenerate(name), regenerateWithOverlap(name)] : []),
    ...(tokens > 0 ? [oneOfItsTokens(name, tokens)] : []),
    newToken(name),
    anotherRole(name),
    isJobs
      ? deed('No longer run Jobs as it', 'jobs', 'clear-connection')
      : deed('Make it the Jobs connection', 'jobs', 'set-connection', name),
    deed('Delete', 'client', 'delete', name),
  ]
}

const newToken = (name: string): Deed => ({
  says: 'New token',
  shows: `token create ${name}`,
  async line(app) {
    const answers = await inTurn(app, newTokenQuestions(app))
    return ['token', 'create', name, ...newTokenOptions(answers)]
  },
})

const anotherRole = (name: string): Deed => ({
  says: 'Another role',
  shows: `client update ${name} --role …`,
  line: async (app) => ['client', 'update', name, '--role', await clientRole(app, undefined)],
})

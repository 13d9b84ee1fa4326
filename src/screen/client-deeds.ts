import { askClientName } from '../cli/ask.ts'
import { clientRole } from '../cli/choose.ts'
import type { ClientSummary } from '../core/model.ts'
import type { Scope } from '../core/scope.ts'
import { inTurn } from './back.ts'
import { type Deed, deed, type Line } from './deed.ts'
import { newTokenOptions, newTokenQuestions, scopeQuestions } from './questions.ts'
import { oneOfItsTokens, regenerate, regenerateWithOverlap } from './token-deeds.ts'

export const createClient: Deed = {
  says: 'Create New Client',
  shows: 'client create',
  async line(app) {
    const where = await scopeQuestions(app)
    const [name = '', role = '', ...answers] = await inTurn(app, [
      (earlier) => askClientName(app, earlier),
      () => clientRole(app, undefined),
      ...where,
      ...newTokenQuestions(app),
    ])
    const scope = answers.splice(0, where.length).flatMap((each) => ['--scope', each])
    return ['client', 'create', name, '--role', role, ...scope, ...newTokenOptions(answers)]
  },
}

/**
 * What can be done with a client: first what changes nothing, and last what cannot be undone.
 * @param own where a bare name is looked for; null: nowhere
 */
export function clientDeeds(client: ClientSummary, own: Scope | null): Deed[] {
  const { name, scope, tokens, disabledAt, isJobs, operatorId } = client
  const called = scope === own || operatorId !== null ? [name] : [name, '--scope', scope]
  const itsTokens = tokens > 0 ? [oneOfItsTokens(client, called)] : []
  if (operatorId !== null) return [deed('Show', 'client', 'show', name), ...itsTokens]
  return [
    deed('Show', 'client', 'show', ...called),
    disabledAt === null
      ? deed('Disable', 'client', 'disable', ...called)
      : deed('Enable', 'client', 'enable', ...called),
    // A name stands for a token only where there is just one.
    ...(tokens === 1 ? [regenerate(...called), regenerateWithOverlap(...called)] : []),
    ...itsTokens,
    newToken(called),
    anotherRole(called),
    isJobs
      ? deed('No longer run Jobs as it', 'jobs', 'clear-connection')
      : deed('Make it the Jobs connection', 'jobs', 'set-connection', ...called),
    deed('Delete', 'client', 'delete', ...called),
  ]
}

const newToken = (called: Line): Deed => ({
  says: 'New token',
  shows: `token create ${called.join(' ')}`,
  async line(app) {
    const answers = await inTurn(app, newTokenQuestions(app))
    return ['token', 'create', ...called, ...newTokenOptions(answers)]
  },
})

const anotherRole = (called: Line): Deed => ({
  says: 'Another role',
  shows: `client update ${called.join(' ')} --role …`,
  line: async (app) => ['client', 'update', ...called, '--role', await clientRole(app, undefined)],
})

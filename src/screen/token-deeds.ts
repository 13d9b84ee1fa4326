import type { App } from '../cli/app.ts'
import { pickRow } from '../cli/choose.ts'
import { tokensOf } from '../cli/kinds.ts'
import { named } from '../core/called.ts'
import type { Client, ClientSummary, TokenSummary } from '../core/model.ts'
import { inTurn, orBack } from './back.ts'
import { chooseDeed, type Deed, deed, type Line } from './deed.ts'
import {
  DEFAULT_OVERLAP,
  descriptionOption,
  newTokenOptions,
  newTokenQuestions,
  overlapOptions,
} from './questions.ts'

/** @param token its ID, or its client's name, and where that is */
export const regenerate = (...token: Line): Deed =>
  deed('Regenerate, old secret stops now', 'token', 'regenerate', ...token)

export const regenerateWithOverlap = (...token: Line): Deed => ({
  says: 'Regenerate, old secret goes on a while',
  shows: `token regenerate ${token.join(' ')} --overlap ${DEFAULT_OVERLAP}`,
  line: async (app) => ['token', 'regenerate', ...token, ...(await overlapOptions(app))],
})

/** A token of a client's, and then what is to be done with it. */
export const oneOfItsTokens = (client: ClientSummary, called: Line): Deed => ({
  says: client.tokens === 1 ? 'Its token …' : `One of its ${client.tokens} tokens …`,
  shows: `token list --client ${called.join(' ')}`,
  async line(app) {
    for (;;) {
      const token = await chooseToken(app, client)
      const line = await orBack(app, () => lineFor(app, token))
      if (line !== null) return line
    }
  },
})

const chooseToken = (app: App, client: Client): Promise<TokenSummary> =>
  pickRow(app, tokensOf(client), {
    title: `Tokens of client ${named(client)}`,
    keys: { enter: 'open', escape: 'goes back' },
    echo: false,
  })

async function lineFor(app: App, token: TokenSummary): Promise<Line> {
  for (;;) {
    const deed = await chooseDeed(app, tokenTitle(token), tokenDeeds(token))
    const line = await orBack(app, () => deed.line(app))
    if (line !== null) return line
  }
}

export const tokenTitle = ({ id, client }: TokenSummary): string => `Token ${id} of client ${named(client)}`

export const createOwnToken: Deed = {
  says: 'Generate New Token',
  shows: 'token create --mine',
  async line(app) {
    const answers = await inTurn(app, newTokenQuestions(app))
    return ['token', 'create', '--mine', ...newTokenOptions(answers)]
  },
}

export function tokenDeeds({ id, disabledAt }: TokenSummary): Deed[] {
  return [
    deed('Show', 'token', 'show', id),
    disabledAt === null ? deed('Disable', 'token', 'disable', id) : deed('Enable', 'token', 'enable', id),
    regenerate(id),
    regenerateWithOverlap(id),
    {
      says: 'Change its description',
      shows: `token update ${id} --description …`,
      line: async (app) => ['token', 'update', id, ...(await descriptionOption(app))],
    },
    deed('Delete', 'token', 'delete', id),
  ]
}

import type { App } from '../cli/app.ts'
import { pickRow, tokensOf } from '../cli/choose.ts'
import type { TokenSummary } from '../core/model.ts'
import { inTurn, orBack } from './back.ts'
import { chooseDeed, type Deed, deed, type Line } from './deed.ts'
import { DEFAULT_OVERLAP, descriptionOption, overlap } from './questions.ts'

/** Which token is meant: nothing, or one question. */
type Which = (app: App) => (() => Promise<string>)[]

const KNOWN: Which = () => []

/** @param name of the token; or of the client, where it is asked which */
export const regenerate = (name: string, which: Which): Deed => ({
  says: 'Regenerate: the current secret stops at once',
  shows: `token regenerate ${name}`,
  async line(app) {
    const [token = name] = await inTurn(app, which(app))
    return ['token', 'regenerate', token]
  },
})

export const regenerateWithOverlap = (name: string, which: Which): Deed => ({
  says: 'Regenerate: the current secret goes on for a while',
  shows: `token regenerate ${name} --overlap ${DEFAULT_OVERLAP}`,
  async line(app) {
    const answers = await inTurn(app, [...which(app), () => overlap(app)])
    const [duration = '', token = name] = answers.reverse()
    return ['token', 'regenerate', token, '--overlap', duration]
  },
})

/** A token of a client's, and then what is to be done with it. */
export const oneOfItsTokens = (client: string): Deed => ({
  says: 'One of its tokens …',
  shows: `token list --client ${client}`,
  async line(app) {
    for (;;) {
      const token = await chooseToken(app, client)
      const line = await orBack(app, () => lineFor(app, token))
      if (line !== null) return line
    }
  },
})

export const chooseToken = (app: App, client: string): Promise<TokenSummary> =>
  pickRow(app, tokensOf(client), {
    title: `Tokens of client ${client}`,
    keys: { enter: 'choose', escape: 'goes back' },
    echo: false,
  })

async function lineFor(app: App, token: TokenSummary): Promise<Line> {
  for (;;) {
    const deed = await chooseDeed(app, `Token ${token.id} of client ${token.client.name}`, tokenDeeds(token))
    const line = await orBack(app, () => deed.line(app))
    if (line !== null) return line
  }
}

function tokenDeeds({ id, disabledAt }: TokenSummary): Deed[] {
  return [
    deed('Show', 'token', 'show', id),
    disabledAt === null ? deed('Disable', 'token', 'disable', id) : deed('Enable', 'token', 'enable', id),
    regenerate(id, KNOWN),
    regenerateWithOverlap(id, KNOWN),
    {
      says: 'Say what it is for',
      shows: `token update ${id} --description …`,
      line: async (app) => ['token', 'update', id, ...(await descriptionOption(app))],
    },
    deed('Delete', 'token', 'delete', id),
  ]
}

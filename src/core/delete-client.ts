import { change, type Context } from './change.ts'
import { breaksJobs, type Consent, irreversible, requireConsent } from './consent.ts'
import { findClient } from './find.ts'
import type { Client } from './model.ts'
import { Problem } from './problem.ts'

export interface DeletedClient {
  readonly client: Client
  /** The IDs of the tokens that went with it. */
  readonly tokens: readonly string[]
}

/** With all its tokens, for good. @throws Problem `not-found`; ConsentNeeded */
export async function deleteClient(context: Context, name: string, consent: Consent): Promise<DeletedClient> {
  const { id, scope } = await findClient(context, name)
  return change(context, 'client delete', scope, async (store) => {
    const client = await store.client(name, scope)
    if (client?.id !== id) throw new Problem('conflict', `client ${name} was replaced meanwhile`)
    const tokens = (await store.tokensOf(id)).map((token) => token.id)
    requireConsent(consent, [
      irreversible(
        `deleting client ${client.name} and its ${counted(tokens.length, 'token')} cannot be undone`,
      ),
      breaksJobs(client),
    ])
    await store.deleteClient(id, context.now())
    return { result: { client, tokens }, record: { targets: [client.name, ...tokens] } }
  })
}

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`

import { change, type Context } from './change.ts'
import { breaksJobs, type Consent, requireConsent } from './consent.ts'
import { counted } from './counted.ts'
import { findClient, stillClient } from './find.ts'
import type { Client } from './model.ts'
import { refusePersonalClient } from './personal-client.ts'
import { aboutClient } from './subject.ts'
import { named } from './called.ts'

export interface DeletedClient {
  readonly client: Client
  /** The IDs of the tokens that went with it. */
  readonly tokens: readonly string[]
}

/** With all its tokens, for good. @throws Problem `not-found`; ConsentNeeded */
export async function deleteClient(context: Context, name: string, consent: Consent): Promise<DeletedClient> {
  const found = await findClient(context, name)
  return change(context, 'client delete', aboutClient(found), async (store) => {
    const client = await stillClient(store, found)
    refusePersonalClient(client)
    const tokens = (await store.tokensOf(client.id)).map((token) => token.id)
    requireConsent(consent, [
      {
        kind: 'irreversible',
        subject: `client ${client.id} with ${tokens.join(' ')}`,
        says: `deleting client ${named(client)} and its ${counted(tokens.length, 'token')} cannot be undone`,
      },
      breaksJobs(client),
    ])
    await store.deleteClient(client.id, context.now())
    return { result: { client, tokens }, record: { targets: [client.name, ...tokens] } }
  })
}

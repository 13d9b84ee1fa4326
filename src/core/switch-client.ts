import { change, type Context } from './change.ts'
import { breaksJobs, type Consent, NO_CONSENT, requireConsent } from './consent.ts'
import { findClient, stillClient } from './find.ts'
import type { Client } from './model.ts'
import { refusePersonalClient } from './personal-client.ts'
import { aboutClient } from './subject.ts'

export interface SwitchedClient {
  readonly client: Client
  /** False: it was so already. */
  readonly changed: boolean
}

/** None of its tokens is valid until it is enabled again. @throws Problem `not-found`; ConsentNeeded */
export async function disableClient(
  context: Context,
  name: string,
  consent: Consent,
): Promise<SwitchedClient> {
  return switchClient(context, name, 'disable', consent)
}

/** @throws Problem `not-found` */
export async function enableClient(context: Context, name: string): Promise<SwitchedClient> {
  return switchClient(context, name, 'enable', NO_CONSENT)
}

async function switchClient(
  context: Context,
  name: string,
  verb: 'disable' | 'enable',
  consent: Consent,
): Promise<SwitchedClient> {
  const found = await findClient(context, name)
  return change<SwitchedClient>(context, `client ${verb}`, aboutClient(found), async (store) => {
    const client = await stillClient(store, found)
    refusePersonalClient(client)
    const disable = verb === 'disable'
    if (disable === (client.disabledAt !== null)) {
      return { result: { client, changed: false }, record: null }
    }
    if (disable) requireConsent(consent, [breaksJobs(client)])
    const disabledAt = disable ? context.now() : null
    await store.setClientDisabled(client.id, disabledAt)
    return {
      result: { client: { ...client, disabledAt }, changed: true },
      record: { client: client.id },
    }
  })
}

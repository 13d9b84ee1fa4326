import { change, type Context } from './change.ts'
import { type Consent, requireConsent, type Risk } from './consent.ts'
import { findClient, stillClient } from './find.ts'
import type { Client } from './model.ts'
import { CLUSTER } from './scope.ts'
import { refusePersonalClient } from './personal-client.ts'
import { aboutClient, aboutStore } from './subject.ts'
import { named } from './called.ts'

export interface JobsCleared {
  readonly previous: Client | null
  /** False: it was so already. */
  readonly changed: boolean
}

export interface JobsSet extends JobsCleared {
  readonly client: Client
}

/** From now on Jobs runs as that client, and as no other. @throws Problem `not-found`; ConsentNeeded */
export async function setJobsConnection(context: Context, name: string, consent: Consent): Promise<JobsSet> {
  const found = await findClient(context, name)
  return change<JobsSet>(
    context,
    'jobs set-connection',
    { ...aboutClient(found), scope: CLUSTER },
    async (store) => {
      const client = await stillClient(store, found)
      refusePersonalClient(client)
      const previous = await store.jobsConnection()
      if (previous?.id === client.id) return { result: { client, previous, changed: false }, record: null }
      requireConsent(consent, [leaves(previous)])
      await store.setJobsConnection(client.id)
      return {
        result: { client, previous, changed: true },
        record: {
          client: client.id,
          ...(previous && { details: { previousClient: previous.name } }),
        },
      }
    },
  )
}

/** Jobs runs as nobody. @throws ConsentNeeded */
export async function clearJobsConnection(context: Context, consent: Consent): Promise<JobsCleared> {
  return change<JobsCleared>(context, 'jobs clear-connection', aboutStore(), async (store) => {
    const previous = await store.jobsConnection()
    if (previous === null) return { result: { previous, changed: false }, record: null }
    requireConsent(consent, [leaves(previous)])
    await store.setJobsConnection(null)
    return { result: { previous, changed: true }, record: { targets: [previous.name] } }
  })
}

function leaves(previous: Client | null): Risk | null {
  return (
    previous && {
      kind: 'breaks',
      subject: `Jobs as client ${previous.id}`,
      says: `Jobs would no longer run as client ${named(previous)}`,
    }
  )
}

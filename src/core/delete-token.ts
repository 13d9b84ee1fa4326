import { onToken } from './authority.ts'
import { change, type Context } from './change.ts'
import { breaksJobs, type Consent, requireConsent } from './consent.ts'
import { findLivingToken, living } from './find.ts'
import type { Token } from './model.ts'
import { aboutToken } from './subject.ts'
import { named } from './called.ts'

/** For good: nothing made later revives it. @throws Problem `not-found`; ConsentNeeded */
export async function deleteToken(context: Context, reference: string, consent: Consent): Promise<Token> {
  const { id, client } = await findLivingToken(context, reference)
  return change(
    context,
    onToken(context.actor, 'delete', client),
    aboutToken({ id, client }),
    async (store) => {
      const token = living(await store.token(id))
      requireConsent(consent, [
        {
          kind: 'irreversible',
          subject: `token ${token.id}`,
          says: `deleting token ${id} of client ${named(token.client)} cannot be undone`,
        },
        breaksJobs(token.client),
      ])
      await store.deleteToken(id, context.now())
      return { result: token, record: { client: token.client.id } }
    },
  )
}

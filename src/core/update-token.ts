import { onToken } from './authority.ts'
import { change, type Context } from './change.ts'
import { findLivingToken, living } from './find.ts'
import type { Token } from './model.ts'
import { checkDescription } from './name.ts'
import { aboutToken } from './subject.ts'

export interface UpdatedToken {
  readonly token: Token
  /** False: it was so already. */
  readonly changed: boolean
}

/** @param description null: none. @throws Problem `not-found` */
export async function updateToken(
  context: Context,
  reference: string,
  description: string | null,
): Promise<UpdatedToken> {
  if (description !== null) checkDescription(description)
  const { id, client } = await findLivingToken(context, reference)
  return change<UpdatedToken>(
    context,
    onToken(context.actor, 'update', client),
    aboutToken({ id, client }),
    async (store) => {
      const token = living(await store.token(id))
      if (token.description === description) return { result: { token, changed: false }, record: null }
      await store.setTokenDescription(id, description)
      return {
        result: { token: { ...token, description }, changed: true },
        record: { client: token.client.id, details: { description } },
      }
    },
  )
}

import { onToken } from './authority.ts'
import { change, type Context } from './change.ts'
import { breaksJobs, type Consent, NO_CONSENT, requireConsent } from './consent.ts'
import { findLivingToken, living } from './find.ts'
import type { Token } from './model.ts'
import { aboutToken } from './subject.ts'

export interface SwitchedToken {
  readonly token: Token
  /** False: it was so already. */
  readonly changed: boolean
}

/** Not valid until it is enabled again. @throws Problem `not-found`; ConsentNeeded */
export async function disableToken(
  context: Context,
  reference: string,
  consent: Consent,
): Promise<SwitchedToken> {
  return switchToken(context, reference, 'disable', consent)
}

/** @throws Problem `not-found` */
export async function enableToken(context: Context, reference: string): Promise<SwitchedToken> {
  return switchToken(context, reference, 'enable', NO_CONSENT)
}

async function switchToken(
  context: Context,
  reference: string,
  verb: 'disable' | 'enable',
  consent: Consent,
): Promise<SwitchedToken> {
  const { id, client } = await findLivingToken(context, reference)
  return change<SwitchedToken>(
    context,
    onToken(context.actor, verb, client),
    aboutToken({ id, client }),
    async (store) => {
      const token = living(await store.token(id))
      const disable = verb === 'disable'
      if (disable === (token.disabledAt !== null)) return { result: { token, changed: false }, record: null }
      if (disable) requireConsent(consent, [breaksJobs(token.client)])
      const disabledAt = disable ? context.now() : null
      await store.setTokenDisabled(id, disabledAt)
      return {
        result: { token: { ...token, disabledAt }, changed: true },
        record: { client: token.client.id },
      }
    },
  )
}

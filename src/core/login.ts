import { changeByLogin, type VerifyContext } from './change.ts'
import {
  acceptPassword,
  checkPassword,
  type Credentials,
  type PasswordContext,
  type Proof,
  wrongPassword,
} from './check-password.ts'
import type { Millis } from './model.ts'
import { policyOf } from './policy.ts'
import { sessionEnd, sessionExpiry } from './session.ts'
import { LONGEST_SESSION } from './settings.ts'
import { digestOf, newSecret, newTokenId, type RandomBytes, SESSION_PREFIX } from './token-format.ts'

export interface LoginContext extends PasswordContext {
  readonly randomBytes: RandomBytes
}

/** Where a session's secret goes, on the way; in the end one of the two is called. */
export interface Keeping {
  commit(): void
  discard(): void
}

interface Request extends Credentials {
  /** The secret of the session that this one takes the place of; null: there is none. */
  readonly former: string | null
}

export interface LoggedIn {
  readonly operator: string
  /** At the latest; earlier for want of use. */
  readonly until: Millis
}

/**
 * Begins a session, and hands its secret to `keep` alone.
 * @throws Problem `not-logged-in`, alike for whatever is wrong
 */
export async function login(
  context: LoginContext,
  request: Request,
  keep: (secret: string) => Keeping,
): Promise<LoggedIn> {
  const proof = await proofOf(context, request)
  const secret = newSecret(newTokenId(SESSION_PREFIX, context.randomBytes), context.randomBytes)
  const keeping = await keepOrForget(context, proof, () => keep(secret))
  try {
    const loggedIn = await beginSession(context, proof, { secret, former: request.former })
    try {
      keeping.commit()
    } catch (error) {
      await logout(context, secret)
      throw error
    }
    return loggedIn
  } catch (error) {
    keeping.discard()
    throw error
  }
}

/** @throws Problem `not-logged-in`, after writing the denial to the audit */
async function proofOf(context: LoginContext, credentials: Credentials): Promise<Proof> {
  const checked = await checkPassword(context, credentials)
  if (checked.matches) return checked.proof
  await changeByLogin(context, 'login', null, async () => ({
    result: undefined,
    // What was typed as a name may have been meant as a password.
    record: { outcome: 'denied', targets: checked.known === null ? [] : [checked.known.name] },
  }))
  throw wrongPassword()
}

/** What was right and came to nothing is no failed attempt. */
async function keepOrForget(context: LoginContext, proof: Proof, keep: () => Keeping): Promise<Keeping> {
  try {
    return keep()
  } catch (error) {
    await changeByLogin(context, 'login', null, async (store) => {
      await acceptPassword(store, proof)
      return { result: undefined, record: null }
    })
    throw error
  }
}

interface Secrets {
  readonly secret: string
  readonly former: string | null
}

/** @throws Problem `not-logged-in` */
function beginSession(context: LoginContext, proof: Proof, { secret, former }: Secrets): Promise<LoggedIn> {
  const { id, name } = proof.operator
  return changeByLogin(context, 'login', name, async (store) => {
    await acceptPassword(store, proof)
    const at = context.now()
    if (former !== null) await store.endSession(digestOf(former))
    await store.forgetSessions(at - LONGEST_SESSION * 1000)
    await store.addSession({ digest: digestOf(secret), operatorId: id, at })
    const until = sessionExpiry({ madeAt: at }, await policyOf(store))
    return { result: { operator: name, until }, record: { targets: [name] } }
  })
}

/** Ends that session, also one that is no good any more. @returns whose it was; null: it had ended before */
export async function logout(context: VerifyContext, secret: string): Promise<string | null> {
  const { store, now } = context
  const digest = digestOf(secret)
  const session = await store.session(digest)
  if (session === null) return null
  const lives = sessionEnd(session, await policyOf(store)) > now()
  const operator = lives ? await store.actorById(session.operatorId) : null
  return changeByLogin(context, 'logout', operator?.name ?? null, async (store) => {
    const ended = await store.endSession(digest)
    if (operator === null || !ended) return { result: null, record: null }
    return { result: operator.name, record: { targets: [operator.name] } }
  })
}

import { sessionEnd } from './authenticate.ts'
import { changeByLogin, type VerifyContext } from './change.ts'
import type { Millis, Operator } from './model.ts'
import { isName } from './name.ts'
import { Problem } from './problem.ts'
import { LONGEST_SESSION, policyOf } from './settings.ts'
import type { Reads } from './store.ts'
import { digestOf, newSecret, newTokenId, type RandomBytes, SESSION_PREFIX } from './token-format.ts'

/** Compares what was typed with what is kept. */
export interface PasswordCheck {
  /** @param hash null: nobody's, which takes as long */
  matches(password: string, hash: string | null): Promise<boolean>
}

export interface LoginContext extends VerifyContext {
  readonly randomBytes: RandomBytes
  readonly passwords: PasswordCheck
}

export interface Credentials {
  /** As typed: whatever it is. */
  readonly name: string
  readonly password: string
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
  const known = await checkPassword(context, request)
  const secret = newSecret(newTokenId(SESSION_PREFIX, context.randomBytes), context.randomBytes)
  const keeping = keep(secret)
  try {
    const loggedIn = await beginSession(context, known, { secret, former: request.former })
    try {
      keeping.commit()
    } catch (error) {
      await endSession(context, secret)
      throw error
    }
    return loggedIn
  } catch (error) {
    keeping.discard()
    throw error
  }
}

/** Whoever this is by name and password, and the hash by which that was found out. */
interface Known {
  readonly operator: Operator
  readonly hash: string
}

/** Takes as long for a name that nobody has. @throws Problem `not-logged-in`, after writing the denial to the audit */
async function checkPassword(context: LoginContext, { name, password }: Credentials): Promise<Known> {
  const { store, passwords } = context
  const found = isName(name) ? await knownAs(store, name) : null
  const matches = await passwords.matches(password, found?.hash ?? null)
  if (found?.hash != null && matches) return { operator: found.operator, hash: found.hash }
  await changeByLogin(context, 'login', null, async () => ({
    result: undefined,
    // What was typed as a name may have been meant as a password.
    record: { outcome: 'denied', targets: found === null ? [] : [found.operator.name] },
  }))
  throw wrong()
}

interface Found {
  readonly operator: Operator
  /** Null: there is no way in by a password. */
  readonly hash: string | null
}

async function knownAs(store: Reads, name: string): Promise<Found | null> {
  const operator = await store.operator(name)
  return operator && { operator, hash: await store.passwordHash(name) }
}

const wrong = (): Problem => new Problem('not-logged-in', 'wrong name or password')

/** The password may have been changed meanwhile, or its operator disabled. @throws Problem `not-logged-in` */
function beginSession(
  context: LoginContext,
  { operator: { id, name }, hash }: Known,
  { secret, former }: { readonly secret: string; readonly former: string | null },
): Promise<LoggedIn> {
  return changeByLogin(context, 'login', name, async (store) => {
    if ((await store.passwordHash(name)) !== hash) throw wrong()
    const at = context.now()
    if (former !== null) await store.endSession(digestOf(former))
    await store.forgetSessions(at - LONGEST_SESSION * 1000)
    await store.addSession({ digest: digestOf(secret), operatorId: id, at })
    const { sessionLifetime } = await policyOf(store)
    const until = at + sessionLifetime * 1000
    return { result: { operator: name, until }, record: { targets: [name] } }
  })
}

/** How a session was ended: by whom it was, or that there was none that lived. */
export async function logout(context: VerifyContext, secret: string): Promise<{ operator: string | null }> {
  return { operator: await endSession(context, secret) }
}

/** @returns whose it was; null: it had ended before */
async function endSession(context: VerifyContext, secret: string): Promise<string | null> {
  const { store, now } = context
  const digest = digestOf(secret)
  const session = await store.session(digest)
  if (session === null) return null
  const lives = sessionEnd(session, await policyOf(store)) > now()
  const operator = lives ? await store.operatorById(session.operatorId) : null
  return changeByLogin(context, 'logout', operator?.name ?? null, async (store) => {
    const ended = await store.endSession(digest)
    if (operator === null || !ended) return { result: null, record: null }
    return { result: operator.name, record: { targets: [operator.name] } }
  })
}

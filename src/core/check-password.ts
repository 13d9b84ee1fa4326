import { hash } from 'node:crypto'
import { changeByLogin, type VerifyContext } from './change.ts'
import type { Millis, Operator } from './model.ts'
import { isName, nameKey } from './name.ts'
import { Problem } from './problem.ts'
import type { Reads, Writes } from './store.ts'
import { QUIET, throttledUntil, withFailure } from './throttle.ts'

/** Compares what was typed with what is kept. */
export interface PasswordCheck {
  /** @param hash null: nobody's, which takes as long and matches nothing */
  matches(password: string, hash: string | null): Promise<boolean>
}

export interface PasswordContext extends VerifyContext {
  readonly passwords: PasswordCheck
}

export interface Credentials {
  /** As typed: whatever it is. */
  readonly name: string
  readonly password: string
}

/** Whose name that is, if it is anybody's, and whether the password is theirs. */
export type Checked =
  | { readonly matches: true; readonly proof: Proof }
  | { readonly matches: false; readonly known: Operator | null }

/** What it was found out by. */
export interface Proof {
  readonly operator: Operator
  readonly hash: string
  readonly nameHash: string
}

/**
 * Looks at a password, as slowly for a name that nobody has. It counts as failed from before it is looked at: many at once
 * get no more tries than one after the other.
 * @throws Problem `not-logged-in` where too many have failed: nothing is looked at
 */
export async function checkPassword(
  context: PasswordContext,
  { name, password }: Credentials,
): Promise<Checked> {
  const nameHash = await hashOfName(context.store, name)
  await countAttempt(context, nameHash)
  const operator = isName(name) ? await context.store.operator(name) : null
  const hash = operator && (await context.store.passwordHash(name))
  const matches = await context.passwords.matches(password, hash)
  if (operator === null || hash === null || !matches) return { matches: false, known: operator }
  return { matches: true, proof: { operator, hash, nameHash } }
}

/** Inside the transaction: it may have been changed meanwhile, or its operator disabled. @throws Problem `not-logged-in` */
export async function acceptPassword(
  store: Reads & Pick<Writes, 'forgetLoginAttempts'>,
  { operator: { id, name }, hash, nameHash }: Proof,
): Promise<void> {
  const found = await store.operator(name)
  if (found?.id !== id || (await store.passwordHash(name)) !== hash) throw wrongPassword()
  await store.forgetLoginAttempts(nameHash)
}

export const wrongPassword = (): Problem => new Problem('not-logged-in', 'wrong name or password')

/** What is typed as a name may have been meant as a password: it is not kept. */
async function hashOfName(store: Reads, name: string): Promise<string> {
  const { id } = await store.identity()
  return hash('sha256', `${id} ${nameKey(name)}`, 'base64url')
}

async function countAttempt(context: VerifyContext, nameHash: string): Promise<void> {
  await changeByLogin(context, 'login', null, async (store) => {
    const now = context.now()
    const attempts = await store.loginAttempts(nameHash)
    const until = throttledUntil(attempts, now)
    if (until !== null) throw tooMany(until, now)
    await store.forgetOldLoginAttempts(now - QUIET)
    await store.setLoginAttempts(nameHash, withFailure(attempts, now))
    return { result: undefined, record: null }
  })
}

function tooMany(until: Millis, now: Millis): Problem {
  const seconds = Math.ceil((until - now) / 1000)
  const wait = seconds < 60 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`
  return new Problem(
    'not-logged-in',
    `too many failed logins; try again in ${wait}`,
    `that is from ${new Date(until).toISOString()} on`,
  )
}

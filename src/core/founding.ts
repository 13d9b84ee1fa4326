import type { Millis, OsUser } from './model.ts'
import type { Place } from './place.ts'
import type { Store } from './store.ts'
import { checkName } from './name.ts'
import { Problem, quoted } from './problem.ts'
import { isReservedPrefix, isTokenPrefix, type RandomBytes } from './token-format.ts'

/** What a new store begins with: its identity and its first clusteradmin. */
export interface Founding {
  readonly storeId: string
  readonly tokenPrefix: string
  readonly operator: FirstOperator
  /** At whose keyboard it was made. */
  readonly osUser: OsUser
}

/** Known by uid on this machine, or by a password, from wherever there is a database. */
export interface FirstOperator {
  readonly name: string
  readonly uid: number | null
  readonly passwordHash: string | null
}

/** Where stores come from. */
export interface Stores {
  /**
   * Null: there is none.
   * @param patience only to look: it waits no longer than that for a server, and a store that would first have to be
   *   brought up to date is none
   * @throws Problem `not-found` for what is something else's, `denied` for a file others can reach, `unavailable`
   */
  open(place: Place, patience?: Millis): Promise<Store | null>
  /** `made` is false if there was a store already. @throws Problem as `open` */
  make(place: Place, founding: Founding): Promise<{ readonly store: Store; readonly made: boolean }>
}

const DEFAULT_TOKEN_PREFIX = 'tkc'

interface World {
  readonly person: OsUser
  readonly randomBytes: RandomBytes
}

/** @param operator the first clusteradmin; the person who makes the store, unless another is named @throws Problem `usage` for a bad prefix */
export function foundingBy(
  { person, randomBytes }: World,
  tokenPrefix = DEFAULT_TOKEN_PREFIX,
  operator: FirstOperator = peer(person),
): Founding {
  if (!isTokenPrefix(tokenPrefix)) {
    throw new Problem(
      'usage',
      `not a token prefix: ${quoted(tokenPrefix)}`,
      'a token prefix is 2 to 10 of a-z 0-9',
    )
  }
  if (isReservedPrefix(tokenPrefix)) {
    throw new Problem(
      'usage',
      `the token prefix ${tokenPrefix} is reserved`,
      "it begins what is not a token: choose one of your own, such as your organization's name",
    )
  }
  const storeId = Buffer.from(randomBytes(16)).toString('hex')
  return { storeId, tokenPrefix, operator, osUser: person }
}

const peer = (person: OsUser): FirstOperator => ({
  name: operatorName(person),
  uid: person.uid,
  passwordHash: null,
})

function operatorName({ uid, name }: OsUser): string {
  try {
    return checkName('operator', name ?? '')
  } catch {
    return `uid-${uid}`
  }
}

import type { Millis, OsUser } from './model.ts'
import type { Store } from './store.ts'
import { checkName } from './name.ts'
import { Problem, quoted } from './problem.ts'
import { isTokenPrefix, type RandomBytes } from './token-format.ts'

/** What a new store begins with: its identity and its first clusteradmin. */
export interface Founding {
  readonly storeId: string
  readonly tokenPrefix: string
  readonly operator: string
  readonly osUser: OsUser
  readonly at: Millis
}

/** Where stores come from. */
export interface Stores {
  /** Null: there is none. @throws Problem `not-found` for something else's file, `denied` for one others can reach, `unavailable` */
  open(path: string): Promise<Store | null>
  /** `made` is false if there was a store already. @throws Problem as `open` */
  make(path: string, founding: Founding): Promise<{ readonly store: Store; readonly made: boolean }>
}

const DEFAULT_TOKEN_PREFIX = 'tkc'

/** The person who makes a store becomes its first clusteradmin. @throws Problem `usage` for a bad prefix */
export function foundingBy(
  osUser: OsUser,
  { now, randomBytes }: { readonly now: () => Millis; readonly randomBytes: RandomBytes },
  tokenPrefix = DEFAULT_TOKEN_PREFIX,
): Founding {
  if (!isTokenPrefix(tokenPrefix)) {
    throw new Problem(
      'usage',
      `not a token prefix: ${quoted(tokenPrefix)}`,
      'a token prefix is 2 to 10 of a-z 0-9',
    )
  }
  const storeId = Buffer.from(randomBytes(16)).toString('hex')
  return { storeId, tokenPrefix, operator: operatorName(osUser), osUser, at: now() }
}

function operatorName({ uid, name }: OsUser): string {
  try {
    return checkName('operator', name ?? '')
  } catch {
    return `uid-${uid}`
  }
}

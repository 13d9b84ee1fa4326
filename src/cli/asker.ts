import {
  type ActingToken,
  authenticatePeer,
  authenticateSession,
  authenticateToken,
  sessionProblem,
  tokenEnd,
  tokenProblem,
  WITHOUT,
} from '../core/authenticate.ts'
import type { VerifyContext } from '../core/change.ts'
import type { Actor, Millis } from '../core/model.ts'
import { Problem, reasonOf } from '../core/problem.ts'
import { sessionUntil } from '../core/session.ts'
import type { Reads } from '../core/store.ts'
import { useSession } from '../core/use-session.ts'
import { verifyToken } from '../core/verify-token.ts'
import type { App } from './app.ts'
import { refuseForAnother } from './for-another.ts'
import { checkPath } from '../core/path.ts'
import { sessionSecret } from './session-file.ts'

/** How it is known who is asking. */
export interface Asker {
  readonly by: 'token' | 'session' | 'peer'
  /** In the store as it is. @throws Problem `not-logged-in` */
  readonly authenticate: (store: Reads) => Promise<Actor>
  /** When that ends by itself; null: it does not. */
  readonly until: (store: Reads) => Promise<Millis | null>
  /** Notes that it was used. */
  readonly used: (context: VerifyContext) => Promise<unknown>
}

/** Longer than any token. */
const LONGEST_TOKEN = 4096

/** The first that is there decides; where it is empty or refused, the next is not tried. @throws Problem `not-logged-in` */
export async function askerOf(app: App): Promise<Asker> {
  const token = tokenOf(app)
  if (token !== null) return byToken(app, token)
  const session = await sessionSecret(app)
  if (session !== null) return bySession(app, session)
  const { place } = await app.location()
  if (place.kind === 'file') return byPeer(app)
  throw new Problem('not-logged-in', 'you are not logged in', 'tokenctl login')
}

/** What is to administer, from `--token-file` or TOKENCTL_TOKEN; null: neither is there. */
export function tokenOf(app: App): ActingToken | null {
  const { tokenFile } = app.options
  if (tokenFile !== undefined) return { secret: line(read(app, tokenFile)), from: '--token-file' }
  const { TOKENCTL_TOKEN } = app.system.environment
  return TOKENCTL_TOKEN === undefined ? null : { secret: line(TOKENCTL_TOKEN), from: 'TOKENCTL_TOKEN' }
}

/** A remark for who logs in or out, and is asked for as somebody else all the same. */
export function tokenDecidesNote(app: App): string[] {
  const token = tokenOf(app)
  return token === null ? [] : [`the token in ${token.from} still decides who is asking`]
}

const line = (text: string): string => text.replace(/\r?\n$/, '')

function read({ system }: App, tokenFile: string): string {
  refuseForAnother(system, '--token-file', 'leave it out: you are known by your user ID')
  const path = checkPath('--token-file', tokenFile)
  try {
    return system.files.read(path, LONGEST_TOKEN)
  } catch (error) {
    throw new Problem(
      'not-logged-in',
      `cannot read ${path}: ${reasonOf(error)}`,
      `${WITHOUT['--token-file']} to act as yourself`,
    )
  }
}

function byToken(app: App, token: ActingToken): Asker {
  const { secret } = token
  if (secret === '') throw tokenProblem(token, 'is empty')
  return {
    by: 'token',
    authenticate: (store) => authenticateToken(store, token, app.now()),
    until: (store) => tokenEnd(store, secret),
    used: (context) => verifyToken(context, secret),
  }
}

function bySession(app: App, session: string): Asker {
  if (session === '') throw sessionProblem('is empty')
  return {
    by: 'session',
    authenticate: (store) => authenticateSession(store, session, app.now()),
    until: (store) => sessionUntil(store, session),
    used: (context) => useSession(context, session),
  }
}

const byPeer = ({ system: { person } }: App): Asker => ({
  by: 'peer',
  authenticate: (store) => authenticatePeer(store, person),
  until: async () => null,
  used: async () => {},
})

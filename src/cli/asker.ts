import {
  authenticatePeer,
  authenticateSession,
  authenticateToken,
  sessionEndOf,
  tokenEnd,
} from '../core/authenticate.ts'
import type { VerifyContext } from '../core/change.ts'
import type { Actor, Millis } from '../core/model.ts'
import { Problem, reasonOf } from '../core/problem.ts'
import type { Reads } from '../core/store.ts'
import { useSession } from '../core/use-session.ts'
import { verifyToken } from '../core/verify-token.ts'
import type { App } from './app.ts'
import { refuseForAnother } from './for-another.ts'
import { checkPath } from './path.ts'
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

/** The first that is present decides; if that is empty or refused, it is not the next one. @throws Problem `not-logged-in` */
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
export function tokenOf(app: App): string | null {
  const { tokenFile } = app.options
  const text = tokenFile === undefined ? app.system.environment.TOKENCTL_TOKEN : read(app, tokenFile)
  return text === undefined ? null : text.replace(/\r?\n$/, '')
}

/** A remark for who logs in or out, and is asked for as somebody else all the same. */
export const tokenDecidesNote = (app: App): string[] =>
  tokenOf(app) === null
    ? []
    : ['there is a token in TOKENCTL_TOKEN or --token-file, which still decides who is asking']

function read({ system }: App, tokenFile: string): string {
  refuseForAnother(system, '--token-file', 'leave it out: you are known by your user ID')
  const path = checkPath('--token-file', tokenFile)
  try {
    return system.files.read(path, LONGEST_TOKEN)
  } catch (error) {
    throw new Problem('not-logged-in', `cannot read ${path}: ${reasonOf(error)}`)
  }
}

function byToken(app: App, token: string): Asker {
  if (token === '') {
    throw new Problem(
      'not-logged-in',
      'the token that is to administer is empty',
      'unset TOKENCTL_TOKEN and leave --token-file out to act as yourself',
    )
  }
  return {
    by: 'token',
    authenticate: (store) => authenticateToken(store, token, app.now()),
    until: (store) => tokenEnd(store, token),
    used: (context) => verifyToken(context, token),
  }
}

function bySession(app: App, session: string): Asker {
  if (session === '') {
    throw new Problem(
      'not-logged-in',
      'your session is empty',
      'tokenctl login begins another, tokenctl logout leaves it at that',
    )
  }
  return {
    by: 'session',
    authenticate: (store) => authenticateSession(store, session, app.now()),
    until: (store) => sessionEndOf(store, session),
    used: (context) => useSession(context, session),
  }
}

const byPeer = ({ system: { person } }: App): Asker => ({
  by: 'peer',
  authenticate: (store) => authenticatePeer(store, person),
  until: async () => null,
  used: async () => {},
})

import { WRITE } from '../core/change.ts'
import { Problem } from '../core/problem.ts'
import type { Reads, Store, Writer, Writes } from '../core/store.ts'
import { appendAudit, lastAuditEntry } from './audit.ts'
import {
  addClient,
  addPersonalClient,
  client,
  clientNames,
  clientsBeginning,
  deleteClient,
  hasClient,
  jobsConnection,
  personalClient,
  restoreClient,
  scopesOfClient,
  setClientDisabled,
  setClientRole,
  setJobsConnection,
  settleClient,
} from './clients.ts'
import { clients } from './client-list.ts'
import type { Engine, Mark, Query } from './engine.ts'
import {
  forgetLoginAttempts,
  forgetOldLoginAttempts,
  loginAttempts,
  setLoginAttempts,
} from './login-attempts.ts'
import { migrations } from './migrations/index.ts'
import { bumpGeneration, identity, size } from './identity.ts'
import {
  actorById,
  actorByUid,
  addGrant,
  addOperator,
  countClusteradmins,
  deleteOperator,
  operator,
  operatorNames,
  operators,
  operatorsBeginning,
  passwordHash,
  removeGrant,
  setOperatorDisabled,
  setPassword,
} from './operators.ts'
import {
  addPermission,
  addRole,
  deleteRole,
  removePermission,
  role,
  roleNames,
  roles,
  rolesBeginning,
  roleUsers,
} from './roles.ts'
import { addScope, deleteScope, lyingIn, scope, scopeNames, scopes } from './scopes.ts'
import {
  addPendingSecret,
  credential,
  killSecret,
  promoteSecret,
  retireSecret,
  revivePending,
} from './secrets.ts'
import { addSession, endSession, endSessions, forgetSessions, session, touchSession } from './sessions.ts'
import { countLongerLived, countLongerOverlaps, setSetting, settings } from './settings.ts'
import { countExpiries, countTokens } from './token-counts.ts'
import { tokens, tokensBeginning } from './token-list.ts'
import {
  addToken,
  deleteToken,
  setTokenDescription,
  setTokenDisabled,
  token,
  tokenIds,
  tokensOf,
} from './tokens.ts'
import { lastUses, recordUses, usesByDay } from './uses.ts'

type Run = (query: Query, ...values: never[]) => unknown

/** The same functions without their first argument. */
type Bound<Runs> = {
  readonly [Name in keyof Runs]: Runs[Name] extends (query: Query, ...values: infer Values) => infer Result
    ? (...values: Values) => Result
    : never
}

const READS = {
  identity,
  size,
  settings,
  countLongerLived,
  countLongerOverlaps,
  scope,
  scopes,
  scopeNames,
  lyingIn,
  actorById,
  actorByUid,
  operator,
  operators,
  operatorNames,
  operatorsBeginning,
  passwordHash,
  countClusteradmins,
  session,
  loginAttempts,
  role,
  roles,
  roleNames,
  rolesBeginning,
  roleUsers,
  personalClient,
  client,
  hasClient,
  scopesOfClient,
  clientNames,
  clientsBeginning,
  jobsConnection,
  token,
  tokenIds,
  tokensOf,
  countTokens,
  countExpiries,
  tokensBeginning,
  credential,
  lastUses,
  usesByDay,
  lastAuditEntry,
} satisfies Record<keyof Reads, Run>

const WRITES = {
  setSetting,
  addScope,
  deleteScope,
  addOperator,
  addGrant,
  removeGrant,
  setPassword,
  setOperatorDisabled,
  deleteOperator,
  addSession,
  endSession,
  endSessions,
  forgetSessions,
  setLoginAttempts,
  forgetLoginAttempts,
  forgetOldLoginAttempts,
  addRole,
  addPermission,
  removePermission,
  deleteRole,
  addClient,
  addPersonalClient,
  setClientRole,
  setClientDisabled,
  deleteClient,
  restoreClient,
  settleClient,
  addToken,
  setTokenDescription,
  setTokenDisabled,
  deleteToken,
  addPendingSecret,
  promoteSecret,
  retireSecret,
  killSecret,
  revivePending,
  setJobsConnection,
  bumpGeneration,
  appendAudit,
} satisfies Record<keyof Writes, Run>

/** The Store on an engine: each method is the function of that name in its noun's file, given the connection. */
export function storeOn(engine: Engine): Store {
  return {
    ...bound(READS, engine),
    tokens: (filter) => tokens(engine, filter),
    clients: (filter) => clients(engine, filter),
    now: () => engine.now(),
    schemaVersion: () => engine.schemaVersion(),
    [WRITE]: (work) =>
      engine.write(async (query) => {
        refuseOtherVersion(await engine.schemaVersion(query))
        return work(writerOn(query))
      }),
    recordUses: (uses) => engine.write((query) => recordUses(query, uses), 'casual'),
    touchSession: (digest, at) => engine.write((query) => touchSession(query, digest, at), 'casual'),
    async watch() {
      const watch = await engine.watch()
      let seen: Mark | null = null
      let generation = 0
      return {
        ...bound(READS, watch),
        generation() {
          const mark = watch.mark()
          if (mark === seen) return generation
          refuseOtherVersion(mark.schemaVersion)
          if (mark.generation !== seen?.generation || mark.lastAudit !== seen.lastAudit) generation++
          seen = mark
          return generation
        },
        now: () => watch.now(),
        close: () => watch.close(),
      }
    },
    close: () => engine.close(),
  }
}

/** A newer program may have been here since the store was opened. */
function refuseOtherVersion(version: number): void {
  if (version === migrations.length) return
  throw new Problem(
    'unavailable',
    `the store was brought to schema ${version} meanwhile, and this tokenctl knows ${migrations.length}`,
    'nothing changed: run it again, with the newer tokenctl',
  )
}

export function writerOn(query: Query): Writer {
  return { ...bound(READS, query), ...bound(WRITES, query) }
}

function bound<Runs extends Record<string, Run>>(runs: Runs, query: Query): Bound<Runs> {
  const entries = Object.entries(runs).map(([name, run]) => [
    name,
    (...values: never[]) => run(query, ...values),
  ])
  return Object.fromEntries(entries) as Bound<Runs>
}

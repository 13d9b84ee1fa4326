import type { Credential } from './model.ts'
import type { Grant } from './permission.ts'
import type { Reads } from './store.ts'
import { validBy, type ValidFor } from './verdict.ts'

/** Whose a presented secret is, and what they hold. */
export interface Bearer {
  readonly credential: Credential
  /** The client's one role at its scope; of a personal client, its operator's grants. */
  readonly grants: readonly Grant[]
  /** Whose it is, as it is said while nothing is wrong: made once, for it may be said very often. */
  readonly identity: ValidFor
}

type Store = Pick<Reads, 'credential' | 'actorById'>

/** Null: no store knows it. */
export async function bearerOf(store: Store, digest: string): Promise<Bearer | null> {
  const credential = await store.credential(digest)
  if (credential === null) return null
  return bearerWith(credential, await grantsOf(store, credential))
}

export const bearerWith = (credential: Credential, grants: readonly Grant[]): Bearer => ({
  credential,
  grants,
  identity: { ...validBy(credential), grants },
})

/** None where its operator is disabled or gone, and so is the personal client. */
async function grantsOf(store: Store, credential: Credential): Promise<readonly Grant[]> {
  const { role, patterns, scope, operatorId } = credential
  if (role !== null) return [{ role, patterns, scope }]
  return operatorId === null ? [] : ((await store.actorById(operatorId))?.grants ?? [])
}

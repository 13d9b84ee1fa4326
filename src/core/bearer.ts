import type { Credential } from './model.ts'
import type { Grant } from './permission.ts'
import type { Reads } from './store.ts'

/** Whose a presented secret is, and what they hold. */
export interface Bearer {
  readonly credential: Credential
  /** The client's one role at its scope; of a personal client, its operator's grants. */
  readonly grants: readonly Grant[]
}

type Store = Pick<Reads, 'credential' | 'role' | 'actorById'>

/** Null: no store knows it. */
export async function bearerOf(store: Store, digest: string): Promise<Bearer | null> {
  const credential = await store.credential(digest)
  return credential && { credential, grants: await grantsOf(store, credential) }
}

/** None where its operator is disabled or gone, and so is the personal client. */
async function grantsOf(store: Store, { role, scope, operatorId }: Credential): Promise<readonly Grant[]> {
  if (role !== null) return [{ role, patterns: (await store.role(role))?.patterns ?? [], scope }]
  return operatorId === null ? [] : ((await store.actorById(operatorId))?.grants ?? [])
}

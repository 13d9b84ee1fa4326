import type { Actor, OsUser } from './model.ts'
import type { Reads } from './store.ts'
import { Problem } from './problem.ts'

/** The operator that this person is, by uid, as PostgreSQL's peer authentication does it. @throws Problem `not-logged-in` */
export async function authenticatePeer(store: Reads, osUser: OsUser): Promise<Actor> {
  const operator = await store.operatorByUid(osUser.uid)
  if (operator !== null) return operator
  throw new Problem('not-logged-in', `uid ${osUser.uid} is not an operator of this store`)
}

/** Whoever holds a database's credentials can do anything there, and acts as its first clusteradmin. @throws Problem `not-logged-in` */
export async function authenticateByDatabase(store: Reads): Promise<Actor> {
  const operator = await store.firstClusteradmin()
  if (operator !== null) return operator
  throw new Problem('not-logged-in', 'the store has no clusteradmin who could act')
}

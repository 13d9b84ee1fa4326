import { may } from './authority.ts'
import { askPermission, change, type Context } from './change.ts'
import { refuseEscalation } from './escalation.ts'
import { findRole, refusePrefix } from './find.ts'
import { stillScope, workingScope } from './find-scope.ts'
import type { Operator } from './model.ts'
import { checkName } from './name.ts'
import { Problem } from './problem.ts'
import { CLUSTER } from './scope.ts'
import type { Reads } from './store.ts'
import { aboutStore } from './subject.ts'

export interface NewOperatorInput {
  readonly name: string
  readonly role: string
  /** Of their operating-system user; null: they are known by a password alone. */
  readonly uid: number | null
}

/**
 * A person who administers, with one grant to begin with.
 * @param passwordHash asked for once there is nothing else in the way; null: none
 * @throws Problem `conflict` if the name or the uid is another's, `denied` for a role that gives more than the actor holds
 */
export async function createOperator(
  context: Context,
  { name, role: roleName, uid }: NewOperatorInput,
  passwordHash: () => Promise<string | null>,
): Promise<Operator> {
  checkName('operator', name)
  await askPermission(context, 'operator create', aboutStore(name))
  await refusePrefix(context.store, name)
  if (uid !== null && context.uidsWithin === 'none') throw noUidHere()
  const scope = workingScope(context)
  await findRole(context.store, roleName)
  await refuseTaken(context, context.store, name, uid)

  const hash = await passwordHash()
  return change(context, 'operator create', aboutStore(name), async (store) => {
    await stillScope(store, scope)
    const role = await findRole(store, roleName)
    refuseEscalation(context, role, scope)
    await refuseTaken(context, store, name, uid)
    const id = await store.addOperator({
      name,
      uid,
      passwordHash: hash,
      createdAt: context.now(),
      createdBy: context.actor.name,
    })
    if (id === null) throw new Error(`operator ${name} was not made`)
    await store.addGrant(id, role.id, scope)
    const operator = await store.operator(name)
    if (operator?.id !== id) throw new Error(`operator ${name} vanished inside the transaction`)
    return { result: operator, record: { details: { role: role.name, at: scope, uid } } }
  })
}

/** Whose a uid is, is said to who may list them. */
async function refuseTaken(
  { actor }: Context,
  store: Reads,
  name: string,
  uid: number | null,
): Promise<void> {
  const namesake = await store.operator(name)
  if (namesake !== null) throw taken(`there is an operator ${namesake.name} already`, namesake)
  if (uid === null) return
  const same = (await store.operators()).find((operator) => operator.uid === uid)
  if (same === undefined) return
  if (may(actor, 'operator list', CLUSTER)) throw taken(`uid ${uid} is operator ${same.name} already`, same)
  throw new Problem('conflict', `uid ${uid} is an operator already`)
}

const taken = (message: string, { name }: Operator): Problem =>
  new Problem('conflict', message, `tokenctl operator show ${name} shows them`)

const noUidHere = (): Problem =>
  new Problem(
    'usage',
    '--uid is for a store in a file',
    'a user ID is of one machine, and a database serves many: its operators have passwords',
  )

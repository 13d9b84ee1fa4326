import type { Action } from './action.ts'
import { askPermission, type Context } from './change.ts'
import type { Operator } from './model.ts'
import { checkName } from './name.ts'
import { noOperator } from './not-found.ts'
import { Absent, Problem } from './problem.ts'
import type { Reads } from './store.ts'
import { aboutStore } from './subject.ts'

/** Asks for the permission first: that there is such an operator is not for everybody to know. @throws Problem `usage`, `denied`, `not-found` */
export async function findOperator(context: Context, action: Action, name: string): Promise<Operator> {
  checkName('operator', name)
  await askPermission(context, action, aboutStore(name))
  const operator = await context.store.operator(name)
  if (operator === null) throw await noOperator(context, name)
  return operator
}

/** The operator as they are inside the transaction. @throws Problem `not-found` if they were deleted since they were found, `conflict` if they were replaced */
export async function stillOperator(store: Reads, { id, name }: Operator): Promise<Operator> {
  const operator = await store.operator(name)
  if (operator?.id === id) return operator
  if (operator === null) {
    throw new Absent(`operator ${name} was deleted meanwhile`, 'tokenctl operator list shows them all')
  }
  throw new Problem(
    'conflict',
    `operator ${name} was replaced by another meanwhile`,
    `tokenctl operator show ${name} shows them`,
  )
}

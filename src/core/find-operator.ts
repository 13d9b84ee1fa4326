import type { Context } from './change.ts'
import type { Operator } from './model.ts'
import { checkName } from './name.ts'
import { noOperator } from './not-found.ts'
import { Absent, Problem } from './problem.ts'
import type { Reads } from './store.ts'

/** Operators belong to the store: for who may not ask after them this is not called. @throws Problem `usage`, `not-found` */
export async function findOperator(
  context: Pick<Context, 'store' | 'actor'>,
  name: string,
): Promise<Operator> {
  checkName('operator', name)
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

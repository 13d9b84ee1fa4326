import type { Action } from './action.ts'
import { change, type Changed, type Context } from './change.ts'
import { findOperator, stillOperator } from './find-operator.ts'
import type { Operator } from './model.ts'
import type { Writer } from './store.ts'
import { aboutOperator } from './subject.ts'

/** `change` for an operator who is there. */
export async function changeOperator<T>(
  context: Context,
  verb: 'grant' | 'revoke' | 'passwd' | 'disable' | 'enable' | 'delete',
  name: string,
  work: (store: Writer, operator: Operator) => Promise<Changed<T>>,
): Promise<T> {
  const action: Action = `operator ${verb}`
  const found = await findOperator(context, action, name)
  return change(context, action, aboutOperator(found), async (store) =>
    work(store, await stillOperator(store, found)),
  )
}

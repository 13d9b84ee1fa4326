import type { Action } from './action.ts'
import { change, type Changed, type Context } from './change.ts'
import { findOperator, stillOperator } from './find-operator.ts'
import type { Operator } from './model.ts'
import type { Writer } from './store.ts'
import { aboutOperator } from './subject.ts'

type Verb = 'grant' | 'revoke' | 'passwd' | 'disable' | 'enable' | 'delete'

/** `change` for an operator who is there. */
export async function changeOperator<T>(
  context: Context,
  verb: Verb,
  name: string,
  work: (store: Writer, operator: Operator) => Promise<Changed<T>>,
): Promise<T> {
  return changeFound(context, verb, await findOperator(context, `operator ${verb}`, name), work)
}

/** Likewise, for one who was found. */
export async function changeFound<T>(
  context: Context,
  verb: Verb,
  found: Operator,
  work: (store: Writer, operator: Operator) => Promise<Changed<T>>,
): Promise<T> {
  const action: Action = `operator ${verb}`
  return change(context, action, aboutOperator(found), async (store) =>
    work(store, await stillOperator(store, found)),
  )
}

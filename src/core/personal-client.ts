import type { Client } from './model.ts'
import { operatorOf } from './name.ts'
import { Problem } from './problem.ts'

/** A personal client is what its operator is: it has no role or life of its own. @throws Problem `conflict` */
export function refusePersonalClient({ name, operatorId }: Client): void {
  if (operatorId === null) return
  throw new Problem(
    'conflict',
    `client ${name} is personal: it acts with its operator's roles, and stops when the operator does`,
    `tokenctl token disable and token delete act on its tokens, tokenctl operator disable ${operatorOf(name)} on all`,
  )
}

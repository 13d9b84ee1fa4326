import { Problem } from '../core/problem.ts'
import type { System } from '../system.ts'

/** Whether sudo's caller works in somebody else's name. */
export function actsForAnother({ person, effectiveUid }: System): boolean {
  return person.uid !== effectiveUid
}

/** There, nothing may be run and no path opened for the one who called. @throws Problem `denied` */
export function refuseForAnother(system: System, what: string, hint: string): void {
  if (!actsForAnother(system)) return
  const { person, effectiveUid } = system
  throw new Problem(
    'denied',
    `${what} is not allowed through sudo: uid ${person.uid} acts as uid ${effectiveUid}`,
    hint,
  )
}

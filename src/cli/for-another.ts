import { Problem } from '../core/problem.ts'
import type { System } from '../system.ts'

/** Whether sudo's caller works in somebody else's name. */
export function actsForAnother({ person, effectiveUid }: System): boolean {
  return person.uid !== effectiveUid
}

/** There, nothing may be run and no path opened for the one who called. @throws Problem `denied` */
export function refuseForAnother(system: System, what: string): void {
  if (!actsForAnother(system)) return
  throw new Problem(
    'denied',
    `${what} is refused where uid ${system.person.uid} acts as uid ${system.effectiveUid}`,
    'what a command reads and writes can be piped',
  )
}

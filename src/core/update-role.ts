import { change, type Context } from './change.ts'
import { refuseEscalation } from './escalation.ts'
import { findOwnRole } from './find.ts'
import type { Actor, Role } from './model.ts'
import { checkRoleName } from './name.ts'
import { checkPattern } from './permission.ts'
import { Problem, quoted } from './problem.ts'
import { CLUSTER } from './scope.ts'
import { aboutStore } from './subject.ts'

export interface RoleUpdate {
  /** Permissions, `*` allowed: see `checkPattern`. */
  readonly allow: readonly string[]
  readonly remove: readonly string[]
}

export interface UpdatedRole {
  readonly role: Role
  readonly added: readonly string[]
  readonly removed: readonly string[]
}

/**
 * Adds permissions to a role and takes others away, for all who have it at once.
 * @throws Problem `not-found`, `conflict` for a built-in role, and where none would be left: as a role is not made without any
 */
export async function updateRole(context: Context, name: string, update: RoleUpdate): Promise<UpdatedRole> {
  checkRoleName(name)
  checkUpdate(update)
  return change<UpdatedRole>(context, 'role update', aboutStore(name), async (store) => {
    const role = await findOwnRole(store, name)
    refuseOwnRole(context.actor, role)
    const added = sorted(update.allow.filter((pattern) => !role.patterns.includes(pattern)))
    const removed = sorted(update.remove.filter((pattern) => role.patterns.includes(pattern)))
    if (added.length + removed.length === 0) return { result: { role, added, removed }, record: null }

    refuseEscalation(context, { name: role.name, patterns: added }, CLUSTER)
    const patterns = sorted([...role.patterns, ...added].filter((pattern) => !removed.includes(pattern)))
    if (patterns.length === 0) throw nothingLeft(role)
    for (const pattern of added) await store.addPermission(role.id, pattern)
    for (const pattern of removed) await store.removePermission(role.id, pattern)
    return {
      result: { role: { ...role, patterns }, added, removed },
      record: { targets: [role.name], details: { allow: added, remove: removed } },
    }
  })
}

/** Of a token's client, and of a personal token's operator. @throws Problem `denied` */
function refuseOwnRole({ grants, token }: Actor, { name }: Role): void {
  if (token === null || grants.every(({ role }) => role !== name)) return
  throw new Problem('denied', 'a token does not change the role of its own client')
}

function checkUpdate({ allow, remove }: RoleUpdate): void {
  ;[...allow, ...remove].forEach(checkPattern)
  const both = allow.find((pattern) => remove.includes(pattern))
  if (both === undefined) return
  throw new Problem(
    'usage',
    `${quoted(both)} is to be added and to be taken away`,
    'name it once: --allow adds, --remove takes away',
  )
}

const sorted = (patterns: readonly string[]): string[] => [...new Set(patterns)].sort()

const nothingLeft = ({ name }: Role): Problem =>
  new Problem(
    'conflict',
    `role ${name} would give nothing any more`,
    'a role gives one permission at least; the role user gives a client nothing',
  )

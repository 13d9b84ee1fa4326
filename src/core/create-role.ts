import { change, type Context } from './change.ts'
import { refusePrefix } from './find.ts'
import type { Role } from './model.ts'
import { checkRoleName } from './name.ts'
import { checkPattern } from './permission.ts'
import { Problem } from './problem.ts'
import { aboutStore } from './subject.ts'

export interface NewRoleInput {
  readonly name: string
  /** Permissions, `*` allowed: see `checkPattern`. */
  readonly allow: readonly string[]
}

/** @throws Problem `conflict` if the name is taken */
export async function createRole(context: Context, input: NewRoleInput): Promise<Role> {
  const name = checkRoleName(input.name)
  await refusePrefix(context.store, name)
  const patterns = [...new Set(input.allow.map(checkPattern))].sort()
  return change(context, 'role create', aboutStore(name), async (store) => {
    const added = await store.addRole({ name, patterns, createdAt: context.now() })
    const role = await store.role(name)
    if (!added || role === null) {
      const there = role?.name ?? name
      throw new Problem(
        'conflict',
        `there is a role ${there} already`,
        `tokenctl role show ${there} shows it`,
      )
    }
    return { result: role, record: { details: { allow: patterns } } }
  })
}

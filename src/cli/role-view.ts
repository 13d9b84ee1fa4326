import type { Role } from '../core/model.ts'
import type { Column } from './table.ts'
import { moment, timestamp } from './time.ts'

export const ROLE_FIELDS = {
  role: "the role's name",
  allow: 'the permissions it gives',
  builtIn: 'whether every store has it',
  createdAt: 'RFC 3339; null: built in',
} as const

export function roleJson(role: Role): Readonly<Record<keyof typeof ROLE_FIELDS, unknown>> {
  return {
    role: role.name,
    allow: role.patterns,
    builtIn: role.builtIn,
    createdAt: role.builtIn ? null : timestamp(role.createdAt),
  }
}

const FEW = 3

export const ROLE_COLUMNS: readonly Column<Role>[] = columns(({ patterns }) => patterns.join(' '))

/** In a list, people are shown the first few permissions. */
export const ROLE_LIST_COLUMNS: readonly Column<Role>[] = columns(({ patterns }, { forPeople }) => {
  const more = patterns.length - FEW
  return forPeople && more > 0 ? `${patterns.slice(0, FEW).join(' ')} and ${more} more` : patterns.join(' ')
})

function columns(allow: Column<Role>['cell']): Column<Role>[] {
  return [
    { title: 'ROLE', rank: 0, least: 24, cell: (role) => role.name },
    { title: 'ALLOW', rank: 1, least: 24, cell: allow },
    {
      title: 'CREATED',
      rank: 2,
      cell: (role, style) => (role.builtIn ? 'built in' : moment(style, role.createdAt, '')),
    },
  ]
}

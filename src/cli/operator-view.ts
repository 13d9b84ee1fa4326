import type { Operator } from '../core/model.ts'
import type { Column, Property } from './table.ts'
import { moment, timestamp } from './time.ts'

export const OPERATOR_FIELDS = {
  operator: "the operator's name",
  uid: 'the user ID by which they are known, or null',
  hasPassword: 'whether they can log in by a password',
  grants: 'what they hold: each a role, and the scope at and below which it holds',
  status: 'active or disabled',
  createdAt: 'RFC 3339',
  createdBy: 'who made them; null: the making of the store',
  disabledAt: 'since when they are disabled, or null',
} as const

export function operatorJson(operator: Operator): Readonly<Record<keyof typeof OPERATOR_FIELDS, unknown>> {
  const { name, uid, hasPassword, grants, createdAt, createdBy, disabledAt } = operator
  return {
    operator: name,
    uid,
    hasPassword,
    grants: grants.map(({ role, scope }) => ({ role, scope })),
    status: operatorStatus(operator),
    createdAt: timestamp(createdAt),
    createdBy,
    disabledAt: timestamp(disabledAt),
  }
}

function operatorStatus({ disabledAt }: Operator): string {
  return disabledAt === null ? 'active' : 'disabled'
}

export const GRANT_FIELDS = {
  ...OPERATOR_FIELDS,
  role: 'the role that was named',
  scope: 'where',
} as const

export const OPERATOR_COLUMNS: readonly Column<Operator>[] = [
  { title: 'OPERATOR', rank: 0, least: 24, cell: ({ name }) => name },
  { title: 'KNOWN BY', rank: 3, least: 12, cell: knownBy },
  { title: 'GRANTS', rank: 2, least: 24, cell: ({ grants }) => grants.map(grantText).join(', ') },
  {
    title: 'STATUS',
    rank: 1,
    cell: operatorStatus,
    paint: 'status',
  },
  { title: 'CREATED', rank: 4, cell: ({ createdAt }, style) => moment(style, createdAt, '') },
]

export const OPERATOR_PROPERTIES: readonly Property<Operator>[] = [
  ...OPERATOR_COLUMNS,
  { title: 'CREATED BY', cell: ({ createdBy }) => createdBy ?? '' },
]

/** `admin at acme/etl` */
export const grantText = ({ role, scope }: Operator['grants'][number]): string => `${role} at ${scope}`

function knownBy({ uid, hasPassword }: Operator): string {
  const ways = [...(uid === null ? [] : [`uid ${uid}`]), ...(hasPassword ? ['password'] : [])]
  return ways.join(', ')
}

import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { type Grant, grantsAllow } from '../src/core/permission.ts'
import { CLUSTER, type Scope, scopeCovers } from '../src/core/scope.ts'
import { World } from './support/world.ts'

// What operators do to one another, in whatever order: as a model in memory has it, and by two rules that no order breaks.

interface Person {
  readonly canGetIn: boolean
  readonly isDisabled: boolean
  /** Each `role scope`. */
  readonly grants: readonly string[]
}

type State = ReadonlyMap<string, Person>

const OWN_ROLES = {
  giver: ['create:tokenctl/operator', 'grant:tokenctl/operator', 'select:a'],
  reader: ['select:a'],
  warden: [
    'delete:tokenctl/operator',
    'disable:tokenctl/operator',
    'enable:tokenctl/operator',
    'revoke:tokenctl/operator',
  ],
}
const ROLES: Readonly<Record<string, readonly string[]>> = { admin: ['*:*', '*:tokenctl/*'], ...OWN_ROLES }

/** Each with a uid of their own, none of which is the store's: they come through sudo, and so may whoever has a uid. */
const PEOPLE = ['ann', 'ben', 'cat']
/** Known by a password, and by nothing at all: they do nothing themselves. */
const OTHERS = ['pat', 'ghost']

const EVERYBODY = ['tester', ...PEOPLE, ...OTHERS]
const uidOf = (name: string): number => 5000 + EVERYBODY.indexOf(name)

const commands = fc.record({
  actor: fc.oneof(fc.constant('tester'), fc.constantFrom(...PEOPLE)),
  verb: fc.constantFrom('create', 'grant', 'grant', 'revoke', 'revoke', 'disable', 'enable', 'delete'),
  target: fc.constantFrom(...EVERYBODY),
  role: fc.oneof(fc.constant('admin'), fc.constantFrom(...Object.keys(ROLES))),
  scope: fc.oneof(
    { weight: 3, arbitrary: fc.constant(CLUSTER) },
    fc.constantFrom('acme', 'acme/etl', 'zeta'),
  ),
})
type Command = typeof commands extends fc.Arbitrary<infer Made> ? Made : never

function argvOf({ verb, target, role, scope }: Command): string[] {
  const line = ['operator', verb, target]
  if (verb === 'create') return [...line, '--role', role, '--scope', scope, '--uid', String(uidOf(target))]
  if (verb === 'grant' || verb === 'revoke') return [...line, '--role', role, '--scope', scope]
  return verb === 'delete' ? [...line, '--yes'] : line
}

const grantOf = (text: string): Grant => {
  const [role = '', scope = ''] = text.split(' ')
  return { role, scope, patterns: ROLES[role] ?? [] }
}

/** Somebody who holds these may give that. */
const mayGive = (held: readonly string[], given: string): boolean => {
  const { patterns, scope } = grantOf(given)
  return patterns.every((pattern) => grantsAllow(held.map(grantOf), pattern, scope))
}

const clusteradmins = (state: State): number =>
  [...state.values()].filter(
    ({ canGetIn, isDisabled, grants }) => canGetIn && !isDisabled && grants.includes(`admin ${CLUSTER}`),
  ).length

/** How a command must end, and what there is afterwards. */
function ending(state: State, command: Command): { readonly code: number; readonly state: State } {
  const { actor, verb, target, role, scope } = command
  const refused = (code: number) => ({ code, state })
  const me = state.get(actor)
  if (me === undefined || me.isDisabled) return refused(6)
  const isAtScope = ['create', 'grant', 'revoke'].includes(verb)
  if (isAtScope && !knows(me, scope)) return refused(3)
  if (!grantsAllow(me.grants.map(grantOf), `${verb}:tokenctl/operator`, CLUSTER)) return refused(5)

  const there = state.get(target)
  const grant = `${role} ${scope}`
  if (verb === 'create') {
    if (there !== undefined) return refused(4)
    if (!mayGive(me.grants, grant)) return refused(5)
    return become(state, target, { canGetIn: true, isDisabled: false, grants: [grant] })
  }
  if (there === undefined) return refused(3)
  const isHeld = there.grants.includes(grant)
  switch (verb) {
    case 'grant':
      if (isHeld) return refused(0)
      if (!mayGive(me.grants, grant)) return refused(5)
      return become(state, target, { ...there, grants: [...there.grants, grant].sort() })
    case 'revoke':
      if (!isHeld) return refused(0)
      if (there.grants.length === 1) return refused(4)
      return become(state, target, { ...there, grants: there.grants.filter((each) => each !== grant) })
    case 'disable':
      return there.isDisabled ? refused(0) : become(state, target, { ...there, isDisabled: true })
    case 'enable':
      if (!there.isDisabled) return refused(0)
      if (!there.grants.every((each) => mayGive(me.grants, each))) return refused(5)
      return become(state, target, { ...there, isDisabled: false })
    default:
      return become(state, target, null)
  }
}

const knows = ({ grants }: Person, scope: Scope): boolean =>
  grants
    .map(grantOf)
    .some((grant) => scope === CLUSTER || scopeCovers(grant.scope, scope) || scopeCovers(scope, grant.scope))

/** Unless nobody would be left. */
function become(state: State, name: string, person: Person | null) {
  const next = new Map(state)
  if (person === null) next.delete(name)
  else next.set(name, person)
  return clusteradmins(next) === 0 ? { code: 4, state } : { code: 0, state: next }
}

const BEGINNING: State = new Map([
  ['tester', { canGetIn: true, isDisabled: false, grants: [`admin ${CLUSTER}`] }],
  ['pat', { canGetIn: true, isDisabled: true, grants: [`giver ${CLUSTER}`] }],
  ['ann', { canGetIn: true, isDisabled: false, grants: [`giver ${CLUSTER}`] }],
  ['ben', { canGetIn: true, isDisabled: false, grants: [`warden ${CLUSTER}`] }],
  ['ghost', { canGetIn: false, isDisabled: true, grants: [`giver ${CLUSTER}`] }],
])

async function begun(): Promise<World> {
  const world = new World()
  await world.makeStore()
  for (const [role, patterns] of Object.entries(OWN_ROLES)) {
    await world.ok('role', 'create', role, ...patterns.flatMap((pattern) => ['--allow', pattern]))
  }
  const scopes = ['acme', 'acme/etl', 'zeta'].map((name, i) => `(${i}, '${name}', '${name}', 0, 'tester')`)
  await world.sql(`
    insert into scope (id, name, name_key, created_at, created_by) values ${scopes.join(', ')};
    insert into operator (id, name, name_key, uid, password_hash, created_at) values
      (96, 'ann', 'ann', ${uidOf('ann')}, null, 0), (97, 'ben', 'ben', ${uidOf('ben')}, null, 0),
      (98, 'pat', 'pat', null, '-', 0), (99, 'ghost', 'ghost', null, null, 0);
    insert into operator_grant select operator.id, role.id, 'cluster' from operator, role
      where (operator.name, role.name) in (('ann', 'giver'), ('ben', 'warden'), ('pat', 'giver'), ('ghost', 'giver'));
    update operator set disabled_at = 1 where name in ('pat', 'ghost');
    update operator set uid = ${uidOf('tester')} where name = 'tester'`)
  return world
}

/** Of the living, as the tables have them. */
async function stateOf(world: World): Promise<State> {
  const { operator = [], operator_grant: grants = [], role = [] } = await world.contents()
  const roles = new Map((role as { id: number; name: string }[]).map(({ id, name }) => [id, name]))
  const people = operator as {
    id: number
    name: string
    uid: number | null
    password_hash: string | null
    disabled_at: number | null
    deleted_at: number | null
  }[]
  return new Map(
    people
      .filter(({ deleted_at }) => deleted_at === null)
      .map(({ id, name, uid, password_hash, disabled_at }) => [
        name,
        {
          canGetIn: uid !== null || password_hash !== null,
          isDisabled: disabled_at !== null,
          grants: (grants as { operator_id: number; role_id: number; scope: string }[])
            .filter(({ operator_id }) => operator_id === id)
            .map(({ role_id, scope }) => `${roles.get(role_id) ?? ''} ${scope}`)
            .sort(),
        },
      ]),
  )
}

/** What somebody may do now who may do it no more than a moment ago. */
function given(before: State, after: State): string[] {
  const inForce = (state: State, name: string): readonly string[] => {
    const person = state.get(name)
    return person === undefined || person.isDisabled ? [] : person.grants
  }
  return [...after.keys()].flatMap((name) =>
    inForce(after, name).filter((grant) => !inForce(before, name).includes(grant)),
  )
}

test('somebody can always get in who may do everything, and nobody has from anybody what those did not hold', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(commands, { minLength: 20, maxLength: 40 }), async (sequence) => {
      const world = await begun()
      try {
        let state = BEGINNING
        for (const command of sequence) {
          const argv = argvOf(command)
          const before = await stateOf(world)
          world.person = { uid: uidOf(command.actor), name: null }
          const { code } = await world.run(...argv)
          const expected = ending(state, command)
          state = expected.state
          expect([argv, code]).toEqual([argv, expected.code])
          const after = await stateOf(world)
          expect(sorted(after)).toEqual(sorted(state))

          expect(clusteradmins(after)).toBeGreaterThan(0)
          const held = before.get(command.actor)?.grants ?? []
          expect(given(before, after).filter((grant) => !mayGive(held, grant))).toEqual([])
        }
      } finally {
        world.remove()
      }
    }),
    { numRuns: 50 },
  )
})

const sorted = (state: State): unknown => [...state].sort(([a], [b]) => (a < b ? -1 : 1))

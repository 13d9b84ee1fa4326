import { CLUSTER, type Scope } from './scope.ts'

interface Named {
  readonly name: string
  readonly scope: Scope
}

/** A client in a sentence: there may be one of that name at each scope. `BI`, `BI at acme/etl` */
export const named = ({ name, scope }: Named): string => (scope === CLUSTER ? name : `${name} at ${scope}`)

/** A client on a command line, whoever types it. `BI`, `BI --scope acme/etl` */
export const called = ({ name, scope }: Named): string =>
  scope === CLUSTER ? name : `${name} --scope ${scope}`

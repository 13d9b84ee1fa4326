import { Option } from '@commander-js/extra-typings'

// What each means; `App.context` resolves it, whichever it is but the last.

/** Where a name is looked for. */
export const scope = new Option(
  '--scope <scope>',
  'where the client is: cluster, acme or acme/etl (default: your own scope)',
)

/** Of a group that is not named whole. */
export const groupScope = new Option('--scope <scope>', 'the organization of a group that is not named whole')

/** Of a role that somebody is given. */
export const grantScope = new Option(
  '--scope <scope>',
  'where they hold it: cluster, acme or acme/etl (default: your own scope)',
)

/** Of lists. */
export const listScope = new Option('--scope <scope>', 'at this scope and below: cluster, acme or acme/etl')

/** Of what a token is wanted for: nothing is looked for there. */
export const wantedScope = new Option(
  '--scope <scope>',
  'where it is to be used: it must be held there or above, wherever its client is (default: held anywhere)',
)

import { Option } from '@commander-js/extra-typings'

/** Where a name is looked for; `App.context` sees to it. */
export const scope = new Option(
  '--scope <scope>',
  'where the client is: acme, acme/etl or cluster (default: your own scope)',
)

/** The same of a group that is not named whole. */
export const groupScope = new Option('--scope <scope>', 'the organization of a group that is not named whole')

/** Of lists. */
export const listScope = new Option('--scope <scope>', 'at this scope and below: acme, or acme/etl')

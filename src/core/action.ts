type Noun =
  'client' | 'token' | 'own-token' | 'role' | 'jobs' | 'store' | 'org' | 'group' | 'operator' | 'settings'

/** Command, permission and audit action are the same two words: `token disable`, `disable:tokenctl/token`. */
export type Action = `${Noun} ${string}`

export const permissionFor = (action: Action): string => {
  const [noun, verb] = action.split(' ')
  return `${verb}:tokenctl/${noun}`
}

import { isUrl } from './place.ts'
import { Problem } from './problem.ts'

/** @throws Problem `usage` */
export function checkPath(name: string, path: string): string {
  // Not repeated: a URL may hold a password.
  if (isUrl(path)) {
    throw new Problem('usage', `${name} is a URL, and takes the path of a file`)
  }
  if (path !== '' && !path.includes('\0')) return path
  throw new Problem(
    'usage',
    `${name} is not a path: ${JSON.stringify(path)}`,
    'a path is not empty and has no NUL in it',
  )
}

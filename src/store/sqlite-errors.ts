import { codeOf, Problem } from '../core/problem.ts'

export const foreign = (path: string): Problem =>
  new Problem('not-found', `what is at ${path} is not a tokenctl store`, 'name another path with --store')

export function translated<T>(path: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw translate(error, path)
  }
}

/** What is somebody's to act on, in one line; anything else stays what it is: a bug. */
export function translate(error: unknown, path: string): unknown {
  const code = codeOf(error) ?? ''
  if (isBusy(error)) {
    return new Problem('unavailable', 'the store is busy', 'somebody else is writing to it: try again')
  }
  if (code === 'SQLITE_NOTADB') return foreign(path)
  if (code === 'SQLITE_FULL') return new Problem('unavailable', `no space left for the store at ${path}`)
  if (/^SQLITE_(IOERR|READONLY|CANTOPEN|CORRUPT|PERM|AUTH|NOLFS)/.test(code)) {
    return new Problem('unavailable', `the store at ${path} cannot be used (${code.toLowerCase()})`)
  }
  return error
}

export const isBusy = (error: unknown): boolean => /^SQLITE_(BUSY|LOCKED)/.test(codeOf(error) ?? '')

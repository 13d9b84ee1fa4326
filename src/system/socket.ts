import { codeOf } from '../core/problem.ts'

/** What says that nobody does: a socket whose process is gone, or nothing at all. */
const NOBODY = ['ECONNREFUSED', 'ENOENT']

/** Whether somebody listens there; in doubt, yes. */
export async function isAnswered(path: string): Promise<boolean> {
  const { connect } = await import('node:net')
  return new Promise((resolve) => {
    const socket = connect(path)
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', (error) => resolve(!NOBODY.includes(codeOf(error) ?? '')))
  })
}

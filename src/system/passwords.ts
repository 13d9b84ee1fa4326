import type { PasswordCheck } from '../core/check-password.ts'
import { withinBcrypt } from '../core/password.ts'

/** What is kept of passwords, slowly on purpose. */
export interface Passwords extends PasswordCheck {
  hash(password: string): Promise<string>
}

/** OWASP's least for bcrypt is 10; each step doubles the time (12: about 0.3 s). */
export const realPasswords: Passwords = bcryptAt(12)

export function bcryptAt(cost: number): Passwords {
  const nobodys = `$2b$${String(cost).padStart(2, '0')}$${'.'.repeat(53)}`
  return {
    async hash(password) {
      const { default: bcrypt } = await import('bcryptjs')
      return bcrypt.hash(withinBcrypt(password), cost)
    },

    async matches(password, hash) {
      const { default: bcrypt } = await import('bcryptjs')
      const isHash = hash !== null && HASH.test(hash)
      const isSame = await bcrypt.compare(withinBcrypt(password), isHash ? hash : nobodys)
      return isHash && isSame
    },
  }
}

const HASH = /^\$2[aby]\$(0[4-9]|1[0-9])\$[./0-9A-Za-z]{53}$/

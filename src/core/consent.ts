import type { Client } from './model.ts'
import { named } from './called.ts'

/**
 * - `irreversible`: it cannot be undone; `--yes` agrees
 * - `breaks`: something named would stop working that was not asked about; only `--force` agrees
 */
export type RiskKind = 'irreversible' | 'breaks'

export interface Risk {
  readonly kind: RiskKind
  /** What exactly is at risk, by what never comes again: names can pass to another. */
  readonly subject: string
  /** A clause: lower case, no full stop. */
  readonly says: string
}

/** What the caller has agreed to already: whole kinds beforehand, or single risks when asked. */
export interface Consent {
  readonly kinds: ReadonlySet<RiskKind>
  readonly risks: readonly Risk[]
}

export const NO_CONSENT: Consent = { kinds: new Set(), risks: [] }

/** Thrown inside the transaction, so that what is asked about is what would be done; the asker runs the use case again. */
export class ConsentNeeded extends Error {
  readonly risks: readonly Risk[]

  constructor(risks: readonly Risk[]) {
    super(risks.map((risk) => risk.says).join('; '))
    this.risks = risks
  }
}

/** @throws ConsentNeeded for the risks not yet agreed to */
export function requireConsent(consent: Consent, risks: readonly (Risk | null)[]): void {
  const open = risks.filter((risk) => risk !== null && !isAgreed(consent, risk)) as Risk[]
  if (open.length > 0) throw new ConsentNeeded(open)
}

/** What would break Jobs. */
export function breaksJobs({ id, name, scope, isJobs }: Client): Risk | null {
  if (!isJobs) return null
  return {
    kind: 'breaks',
    subject: `Jobs as client ${id}`,
    says: `Jobs runs as client ${named({ name, scope })} and would stop working`,
  }
}

function isAgreed({ kinds, risks }: Consent, { kind, subject }: Risk): boolean {
  return kinds.has(kind) || risks.some((risk) => risk.kind === kind && risk.subject === subject)
}

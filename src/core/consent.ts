/**
 * - `irreversible`: it cannot be undone; `--yes` agrees
 * - `breaks`: something named would stop working that was not asked about; only `--force` agrees
 */
export type RiskKind = 'irreversible' | 'breaks'

export interface Risk {
  readonly kind: RiskKind
  /** A clause: lower case, no full stop. */
  readonly says: string
}

/** What the caller has agreed to already. */
export type Consent = ReadonlySet<RiskKind>

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
  const open = risks.filter((risk) => risk !== null && !consent.has(risk.kind)) as Risk[]
  if (open.length > 0) throw new ConsentNeeded(open)
}

export const irreversible = (says: string): Risk => ({ kind: 'irreversible', says })

/** What would break Jobs. */
export function breaksJobs(client: { readonly name: string; readonly isJobs: boolean }): Risk | null {
  return client.isJobs
    ? { kind: 'breaks', says: `Jobs runs as client ${client.name} and would stop working` }
    : null
}

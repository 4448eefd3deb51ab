import type { CellRoute } from '#shared/contracts/cell-routes.ts'

/** Rows by which a cell's router finds the tenant of a domain: there before the domain's identity, or SES would take mail for nobody. */
export interface CellRoutes {
  /** Writes the row whole, again and again if need be; `exists`: the domain is routed to another tenant than this one or `insteadOf`. */
  put(input: {
    readonly cellTableName: string
    readonly route: CellRoute
    /** The tenant that lost the name: its row is replaced in one write, so that there is one route at any time. */
    readonly insteadOf?: string
  }): Promise<void>
  read(input: { readonly cellTableName: string; readonly domainName: string }): Promise<CellRoute | undefined>
  /** Removes this tenant's row alone; another's stays and is `exists`. */
  remove(input: {
    readonly cellTableName: string
    readonly domainName: string
    readonly tenantId: string
  }): Promise<void>
}

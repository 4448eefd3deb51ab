/** What a tenant's deleted stack leaves behind by design: its table and its bucket. They go last, when their time of keeping is over. */
export interface TenantData {
  tableStatus(tableName: string): Promise<'ACTIVE' | 'CHANGING' | 'DELETING' | undefined>
  /** UpdateTable: DeleteTable refuses a protected one. */
  unprotectTable(tableName: string): Promise<void>
  /** `conflict` while it changes, `invalid` while it is protected. */
  deleteTable(tableName: string): Promise<void>
  bucketIsThere(bucketName: string): Promise<boolean>
  /** Deletes up to 1,000 objects, in every version; call again until `isEmpty`. No such bucket is empty. */
  emptyBucket(bucketName: string): Promise<{ readonly deleted: number; readonly isEmpty: boolean }>
  /** `in_use` while it holds anything. */
  deleteBucket(bucketName: string): Promise<void>
}

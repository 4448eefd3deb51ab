/** The release bucket as publishing sees it: objects are written once and never changed. */
export interface ReleaseStore {
  has(key: string): Promise<boolean>
  /** Undefined when there is none. */
  get(key: string): Promise<Uint8Array | undefined>
  /** False when somebody has written the key before; what he wrote stays. */
  putNew(key: string, bytes: Uint8Array, contentType: string): Promise<boolean>
}

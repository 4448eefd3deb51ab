import { describe, expect, it } from 'vitest'
import type { Certificates } from '#control-plane/cloud/certificates.ts'
import { type CloudSubject, demand, TAGS, until } from './cloud-subject.ts'
import { freshName } from './contract-case.ts'

export function describeCertificates(subject: () => CloudSubject): void {
  const certificates = (): Certificates => subject().cloud.at(subject().place).certificates

  async function requested(stem: string) {
    const domainName = `*.${freshName(stem)}.example.com`
    const idempotencyToken = freshName('t').replaceAll('-', '_')
    const { certificateArn } = await certificates().request({ domainName, idempotencyToken, tags: TAGS })
    return { domainName, idempotencyToken, certificateArn }
  }

  async function recordOf(certificateArn: string) {
    const look = () => certificates().describe(certificateArn)
    return demand(demand(await until(subject(), look, (seen) => seen?.validationRecord !== undefined)).validationRecord)
  }

  describe('certificates', () => {
    it('a new one waits, tells its record after a moment, and is issued once the record is seen', async () => {
      const { certificateArn, domainName } = await requested('issued')
      const first = demand(await certificates().describe(certificateArn))
      expect(first).toMatchObject({ certificateArn, domainName, status: 'PENDING_VALIDATION', inUseBy: [] })
      expect(first.validationRecord).toBeUndefined()
      const { name, value } = await recordOf(certificateArn)
      expect(name.endsWith(domainName.slice(1))).toBe(true)
      await subject().passTime(120)
      expect((await certificates().describe(certificateArn))?.status).toBe('PENDING_VALIDATION')
      subject().showRecord(name, 'CNAME', value)
      const look = () => certificates().describe(certificateArn)
      await until(subject(), look, (seen) => seen?.status === 'ISSUED')
    })

    it('the same token within the hour is the same certificate', async () => {
      const { certificateArn, domainName, idempotencyToken } = await requested('token')
      const again = await certificates().request({ domainName, idempotencyToken, tags: TAGS })
      expect(again.certificateArn).toBe(certificateArn)
    })

    it('certificates of a name are listed, and their tags read back', async () => {
      const { certificateArn, domainName } = await requested('listed')
      await requested('other')
      const look = () => certificates().list(domainName)
      expect(await until(subject(), look, (seen) => seen.length > 0)).toEqual([certificateArn])
      expect(await certificates().tagsOf(certificateArn)).toEqual(TAGS)
    })

    it('two certificates of a name ask for the same record', async () => {
      const { certificateArn, domainName } = await requested('same')
      const second = await certificates().request({ domainName, idempotencyToken: 'second', tags: TAGS })
      expect(second.certificateArn).not.toBe(certificateArn)
      expect(await recordOf(second.certificateArn)).toEqual(await recordOf(certificateArn))
    })

    it('a deleted one is gone, and is deleted again without harm', async () => {
      const { certificateArn, domainName } = await requested('deleted')
      await certificates().delete(certificateArn)
      await certificates().delete(certificateArn)
      expect(await certificates().describe(certificateArn)).toBeUndefined()
      expect(await certificates().tagsOf(certificateArn)).toBeUndefined()
      expect(await certificates().list(domainName)).toEqual([])
    })

    it('the quota counts what is there', async () => {
      const { quotas } = subject().cloud.at(subject().place)
      const before = await quotas.read('certificates')
      await requested('counted')
      expect((await quotas.read('certificates')).used).toBe(before.used + 1)
    })
  })
}

import type { ObjectOf } from '../state/objects.ts'
import { day, sum } from './frame.ts'

/** One page of plain text as a PDF 1.4 file (ISO 32000-1, 7.5): catalog, pages, page, font, content, cross-reference table. */
export function invoicePdf(seller: string, invoice: ObjectOf<'invoice'>): Uint8Array<ArrayBuffer> {
  const lines = [
    `${seller}: invoice ${invoice.number ?? ''}`,
    `To: ${invoice.customer_name ?? invoice.customer_email ?? ''}`,
    `Status: ${invoice.status ?? ''}`,
    ...(invoice.due_date === null ? [] : [`Due: ${day(invoice.due_date)}`]),
    ...(invoice.custom_fields ?? []).map(({ name, value }) => `${name}: ${value}`),
    '',
    ...invoice.lines.data.map((line) => `${line.description ?? ''}  ${sum(line.amount, invoice.currency)}`),
    `Tax  ${sum(invoice.total - invoice.subtotal, invoice.currency)}`,
    `Total  ${sum(invoice.total, invoice.currency)}`,
  ]
  const content = `BT /F1 12 Tf 56 770 Td 18 TL ${lines.map((line) => `(${escaped(line)}) Tj T*`).join(' ')} ET`
  return assemble([
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R /Resources << /Font << /F1 4 0 R >> >> >>',
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>',
    `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
  ])
}

function assemble(objects: readonly string[]): Uint8Array<ArrayBuffer> {
  let text = '%PDF-1.4\n'
  const offsets = objects.map((body, at) => {
    const offset = text.length
    text += `${at + 1} 0 obj\n${body}\nendobj\n`
    return `${String(offset).padStart(10, '0')} 00000 n \n`
  })
  const table = `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${offsets.join('')}`
  const trailer = `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${text.length}\n%%EOF\n`
  return Uint8Array.from(Buffer.from(text + table + trailer, 'latin1'))
}

/** Latin-1 alone, one byte a character, so that offsets are lengths. */
function escaped(line: string): string {
  return line.replaceAll(/[^\x20-\x7e\xa1-\xff]/g, ' ').replaceAll(/[\\()]/g, (mark) => `\\${mark}`)
}

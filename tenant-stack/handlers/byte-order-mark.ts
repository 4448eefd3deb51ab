import type { APIGatewayProxyResult } from 'hono/aws-lambda'

const MARK = '\uFEFF'

/** As `GET …/report.csv` says that a file begins here. */
const FILE = /^text\/csv;.*\bheader=present\b/

/**
 * Gives a CSV its byte order mark back, without which Excel takes it for a file in the system's own character set: Hono's Lambda adapter reads a
 * text answer as text, and that takes the mark away (WHATWG Encoding, "UTF-8 decode").
 */
export function withByteOrderMark(result: APIGatewayProxyResult): APIGatewayProxyResult {
  const contentType = String(result.multiValueHeaders?.['content-type'] ?? result.headers?.['content-type'] ?? '')
  const isFile = FILE.test(contentType) && !result.isBase64Encoded && !result.body.startsWith(MARK)
  return isFile ? { ...result, body: MARK + result.body } : result
}

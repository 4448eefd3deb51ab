/** What any reader of a reply must have found to count it, in terms that do not depend on how it was read. */
export type ReplyFacts = {
  readonly messageId: string
  readonly subject: string
  readonly from: string
  readonly text: string
  readonly method: string
  readonly uid: string
  readonly sequence: number
  readonly dtstamp: string
  readonly partstat: string
  readonly answeredBy: string
  readonly comment: string
}

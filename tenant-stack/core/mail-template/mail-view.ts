/** What the layout of a mail is filled with. Plain text but for the two named HTML; '' or an empty list: that part is left out. */
export type MailView = {
  /** BCP 47. */
  readonly language: string
  readonly productName: string
  readonly logoUrl: string
  /** `#rrggbb`. */
  readonly accent: string
  /** `#rrggbb`, to be read on the accent. */
  readonly accentText: string
  /** A line above the title. */
  readonly lead: string
  readonly title: string
  readonly paragraphs: readonly string[]
  readonly facts: readonly { readonly name: string; readonly value: string }[]
  /** Sanitized HTML. */
  readonly bodyHtml: string
  readonly links: readonly MailLink[]
  /** Small buttons beside one another. */
  readonly answers: readonly MailLink[]
  /** HTML, one block each. */
  readonly footers: readonly string[]
}

export type MailLink = { readonly label: string; readonly url: string }

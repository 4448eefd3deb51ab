/** What is told of a mail after it was handed over, each worse or surer than the one before: one that was delivered may bounce later, and be complained about. */
export const DELIVERY_STATES = ['delayed', 'delivered', 'rejected', 'bounced', 'complained'] as const

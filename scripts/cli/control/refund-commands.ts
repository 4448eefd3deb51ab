import type { ControlCommand } from '../command.ts'
import { act } from './act.ts'
import { list } from './list.ts'

/** Money that is on its way back, or did not get there. */
export const refundCommands: readonly ControlCommand[] = [
  list({
    noun: 'refund',
    verb: 'list',
    summary: 'Refunds that are under way or came to nothing, oldest first',
    path: () => '/refunds',
    columns: ['id', 'state', 'amount', 'currency', 'licence_id', 'payment_intent', 'failure', 'reason', 'created_at'],
    empty: 'No refund is open.',
  }),
  act({
    noun: 'refund',
    verb: 'retry',
    summary: 'Ask Stripe anew for a refund that came to nothing',
    positionals: ['REFUND'],
    method: 'POST',
    path: (refundId) => `/refunds/${refundId}/retry`,
  }),
  act({
    noun: 'refund',
    verb: 'settle',
    summary: 'Say that a refund that came to nothing was settled otherwise',
    positionals: ['REFUND'],
    options: { reason: { value: 'TEXT', help: 'How; kept in the audit log' } },
    act: 'final',
    method: 'POST',
    path: (refundId) => `/refunds/${refundId}/settle`,
    body: ({ reason }) => ({ reason }),
  }),
]

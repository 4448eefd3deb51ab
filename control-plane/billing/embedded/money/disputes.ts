import type { ObjectOf } from '../state/objects.ts'
import type { Unit } from '../state/unit.ts'

const EVIDENCE_DAYS = 21
const DAY_SECONDS = 86_400

const NO_EVIDENCE: ObjectOf<'dispute'>['evidence'] = {
  access_activity_log: null,
  billing_address: null,
  cancellation_policy: null,
  cancellation_policy_disclosure: null,
  cancellation_rebuttal: null,
  customer_communication: null,
  customer_email_address: null,
  customer_name: null,
  customer_purchase_ip: null,
  customer_signature: null,
  duplicate_charge_documentation: null,
  duplicate_charge_explanation: null,
  duplicate_charge_id: null,
  enhanced_evidence: {},
  product_description: null,
  receipt: null,
  refund_policy: null,
  refund_policy_disclosure: null,
  refund_refusal_explanation: null,
  service_date: null,
  service_documentation: null,
  shipping_address: null,
  shipping_carrier: null,
  shipping_date: null,
  shipping_documentation: null,
  shipping_tracking_number: null,
  uncategorized_file: null,
  uncategorized_text: null,
}

/** The cardholder's bank takes the money back until the dispute is decided. */
export function openDispute(
  unit: Unit,
  charge: ObjectOf<'charge'>,
  input: { readonly reason: string; readonly amount: number },
): ObjectOf<'dispute'> {
  const dispute: ObjectOf<'dispute'> = {
    id: unit.mint('dispute'),
    object: 'dispute',
    amount: input.amount,
    balance_transactions: [],
    charge: charge.id,
    created: unit.now(),
    currency: charge.currency,
    enhanced_eligibility_types: [],
    evidence: NO_EVIDENCE,
    evidence_details: {
      due_by: unit.now() + EVIDENCE_DAYS * DAY_SECONDS,
      enhanced_eligibility: {},
      has_evidence: false,
      past_due: false,
      submission_count: 0,
      submission_method: 'manual',
    },
    intended_submission_method: null,
    is_charge_refundable: false,
    livemode: false,
    metadata: {},
    payment_intent: charge.payment_intent,
    reason: input.reason,
    status: 'needs_response',
  }
  unit.put('dispute', dispute)
  unit.put('charge', { ...charge, disputed: true })
  unit.tell('charge.dispute.created', dispute)
  unit.tell('charge.dispute.funds_withdrawn', dispute)
  return dispute
}

/** The bank has decided. Deciding again the same way changes nothing. */
export async function closeDispute(
  unit: Unit,
  disputeId: string,
  status: 'won' | 'lost',
): Promise<ObjectOf<'dispute'>> {
  const dispute = await unit.need('dispute', disputeId)
  if (dispute.status === 'won' || dispute.status === 'lost') return dispute
  const closed: ObjectOf<'dispute'> = { ...dispute, status }
  unit.put('dispute', closed)
  if (status === 'won') unit.tell('charge.dispute.funds_reinstated', closed)
  unit.tell('charge.dispute.closed', closed)
  return closed
}

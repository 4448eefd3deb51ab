import { runOrders } from './run-orders.ts'

/** Runs its share of the orders and prints what came of it; a process for each core. */
const [every = '1', from = '0'] = process.argv.slice(2)
// Outcomes that a fence refuses are thrown by the thousand; their stack traces would be most of the work.
Error.stackTraceLimit = 0
const { orders, deliveries, wrong } = await runOrders({ every: Number(every), from: Number(from) })
process.stdout.write(JSON.stringify({ orders, deliveries, wrong }))

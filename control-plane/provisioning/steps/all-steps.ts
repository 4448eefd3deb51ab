import type { Step } from '../step.ts'
import type { StepName } from '../step-names.ts'
import { awaitDelegation, awaitRecords, awaitWebHosts } from './await-domain.ts'
import { askCertificate, awaitCertificate, proveCertificate, removeCertificate } from './certificate-steps.ts'
import { checkPlace } from './check-place.ts'
import { deleteBucket, deleteTable } from './data-steps.ts'
import { makeExport } from './export-step.ts'
import { awaitIdentity, makeIdentity, removeIdentity, setMailFrom } from './identity-steps.ts'
import { proveIsolation } from './isolation-step.ts'
import { writeLicence } from './licence-step.ts'
import { linkAccount } from './link-account.ts'
import { checkStack, makeStack, prepareStack, watchStack } from './make-stack.ts'
import { makeZone } from './make-zone.ts'
import { preflight } from './preflight.ts'
import { probeMail } from './probe-mail-step.ts'
import {
  awaitUndelegated,
  closeAccount,
  deleteKeptZone,
  freePlace,
  removeStack,
  removeZone,
  watchStackGone,
} from './removal-steps.ts'
import { setReputationPolicy } from './reputation-step.ts'
import { activateRoute, removeRoute, suspendRoute, writeRoute } from './route-steps.ts'
import { readSendRate } from './send-rate-step.ts'
import { startSending, stopSending } from './sending-steps.ts'
import { beginRemoval, goLive, settleDeleted, settleLive, settleRetained, settleSuspended } from './settling-steps.ts'
import { smokeTest } from './smoke-test.ts'
import { takeAccount } from './take-account.ts'
import { takeSlot } from './take-slot.ts'
import { checkUpdate, makeUpdate, prepareUpdate, watchUpdate } from './update-stack.ts'
import { emptyZone, watchRecords, writeRecords } from './zone-records.ts'

/** Every step by its name; which run takes which, and in what order, is said in `plans.ts`. */
export const steps: { readonly [N in StepName]: Step } = {
  preflight,
  take_slot: takeSlot,
  take_account: takeAccount,
  link_account: linkAccount,
  check_place: checkPlace,
  read_send_rate: readSendRate,
  make_zone: makeZone,
  prepare_stack: prepareStack,
  check_stack: checkStack,
  make_stack: makeStack,
  watch_stack: watchStack,
  set_reputation_policy: setReputationPolicy,
  write_route: writeRoute,
  await_delegation: awaitDelegation,
  make_identity: makeIdentity,
  set_mail_from: setMailFrom,
  write_records: writeRecords,
  watch_records: watchRecords,
  ask_certificate: askCertificate,
  prove_certificate: proveCertificate,
  await_records: awaitRecords,
  await_identity: awaitIdentity,
  await_certificate: awaitCertificate,
  prepare_update: prepareUpdate,
  check_update: checkUpdate,
  make_update: makeUpdate,
  watch_update: watchUpdate,
  await_web_hosts: awaitWebHosts,
  write_licence: writeLicence,
  prove_isolation: proveIsolation,
  smoke_test: smokeTest,
  probe_mail: probeMail,
  go_live: goLive,
  stop_sending: stopSending,
  suspend_route: suspendRoute,
  settle_suspended: settleSuspended,
  start_sending: startSending,
  activate_route: activateRoute,
  settle_live: settleLive,
  make_export: makeExport,
  begin_removal: beginRemoval,
  remove_identity: removeIdentity,
  remove_route: removeRoute,
  remove_stack: removeStack,
  watch_stack_gone: watchStackGone,
  await_undelegated: awaitUndelegated,
  empty_zone: emptyZone,
  remove_zone: removeZone,
  remove_certificate: removeCertificate,
  free_place: freePlace,
  settle_retained: settleRetained,
  delete_table: deleteTable,
  delete_bucket: deleteBucket,
  delete_kept_zone: deleteKeptZone,
  close_account: closeAccount,
  settle_deleted: settleDeleted,
}

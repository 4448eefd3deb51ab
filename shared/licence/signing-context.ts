/**
 * Written before the octets of each kind of thing that the vendor's one key signs, so that a signature of one kind is never one of another;
 * hand-over tokens carry theirs (`HAND_OVER_CONTEXT`).
 */
export const LICENCE_CONTEXT = 'convoke-licence-v1\n'
export const EXPORT_CONTEXT = 'convoke-export-v1\n'

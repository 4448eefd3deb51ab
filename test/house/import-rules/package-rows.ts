import { type Row, rows } from './row.ts'

/** What each package's one door keeps out, and what stays behind ports. */
export const PACKAGE_ROWS: readonly Row[] = [
  ...rows(
    'aws-in-adapters',
    ['shared/legal/*.ts', '@aws-sdk/client-s3'],
    ['tenant-stack/handlers/*.ts', '@aws-sdk/client-s3'],
    ['control-plane/cloud/simulated/*.ts', '@smithy/types'],
    ['scripts/bench/compose/*.ts', '@aws-sdk/client-s3'],
    ['infra/*.ts', '@aws-sdk/client-s3'],
    ['infra/delivery/*.ts', '@aws-sdk/client-s3'],
    ['tenant-stack/handlers/*.ts', '@aws-lambda-powertools/logger'],
  ),
  ...rows(
    'one-door-to-dns-packet',
    ['control-plane/provisioning/*.ts', 'dns-packet'],
    ['tenant-stack/pipelines/*.ts', 'dns-packet'],
  ),
  ...rows(
    'one-door-to-scalar',
    ['tenant-stack/api/*.ts', '@scalar/fastify-api-reference'],
    ['infra/build/*.ts', '@scalar/fastify-api-reference'],
  ),
  ...rows(
    'sign-in-in-api',
    ['control-plane/billing/*.ts', 'better-auth'],
    ['control-plane/api/*.ts', 'better-auth'],
    ['tenant-stack/api/*.ts', '@better-auth/passkey'],
  ),
  ...rows('stripe-in-billing', ['control-plane/api/*.ts', 'stripe'], ['tenant-stack/pipelines/*.ts', 'stripe']),
  ...rows(
    'cdk-in-infra-only',
    ['tenant-stack/*.ts', 'aws-cdk-lib'],
    ['shared/contracts-of/*.ts', 'constructs'],
    ['scripts/*.ts', 'cdk-nag'],
  ),
  ...rows(
    'hono-at-the-edge',
    ['tenant-stack/pipelines/*.ts', 'hono'],
    ['tenant-stack/cell/*.ts', '@hono/zod-openapi'],
    ['shared/errors/*.ts', 'hono'],
    ['control-plane/provisioning/*.ts', '@hono/node-server'],
  ),
  ...rows(
    'implementations-are-wired-once',
    ['tenant-stack/pipelines/*.ts', '#shared/platform/embedded/table.ts'],
    ['tenant-stack/embedded/*.ts', '#shared/platform/embedded/index.ts'],
    ['tenant-stack/core/reply/*.ts', '../../../shared/platform/aws/table.ts'],
    ['shared/platform/*.ts', './embedded/table.ts'],
    ['shared/imip/*.ts', '../platform/aws/table.ts'],
    ['control-plane/provisioning/*.ts', '../cloud/simulated/accounts.ts'],
    ['scripts/*.ts', '#shared/platform/embedded/table.ts'],
  ),
  ...rows(
    'implementations-are-strangers',
    ['shared/platform/aws/*.ts', '../embedded/table.ts'],
    ['shared/platform/embedded/*.ts', '#shared/platform/aws/table.ts'],
    ['control-plane/cloud/aws/*.ts', '../simulated/accounts.ts'],
  ),
]

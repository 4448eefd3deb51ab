import { controlTemplate } from '#infra/synthesise.ts'
import { cellBundles } from './cell-sample.ts'

const secret = (name: string) => `arn:aws:secretsmanager:us-east-1:123456789012:secret:convoke/${name}-abcdef`

/** What a vendor is asked for, and no more. */
export const vendorParameters: Readonly<Record<string, string>> = {
  ReleaseBucket: 'baseline-release-123456789012-us-east-1',
  OrganizationId: 'o-abcdefghij',
  MailIdentity: 'vendor.example',
  VendorName: 'Vendor Inc.',
  VendorEmail: 'aws@vendor.example',
  MailFrom: 'noreply@vendor.example',
  Website: 'https://vendor.example',
  RootParent: 'r-abcd',
  DedicatedParent: 'ou-abcd-abcdefgh',
  ReleaseBuckets: 'eu-west-1=baseline-release-333333333333-eu-west-1,us-east-1=baseline-release-444444444444-us-east-1',
  ManagementRole: 'arn:aws:iam::111111111111:role/vending/account-vending',
  SessionSecretArn: secret('session'),
  StripeFrontSecretArn: secret('stripe-front'),
  StripeBillingSecretArn: secret('stripe-billing'),
  StripeSweepsSecretArn: secret('stripe-sweeps'),
  StripeWebhookSecretArn: secret('stripe-webhook'),
  LicenceKeySecretArn: secret('licence-key'),
  HandoverKeySecretArn: secret('handover-key'),
}

/** The same under a name of his own. */
export const domainParameters: Readonly<Record<string, string>> = {
  ...vendorParameters,
  DomainName: 'control.vendor.example',
  CertificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/00000000-0000-4000-8000-000000000000',
  HostedZoneId: 'Z0000000000000000000',
}

export const sampleControlTemplate = controlTemplate(cellBundles)

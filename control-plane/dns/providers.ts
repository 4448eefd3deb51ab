import { isBelow } from '#control-plane/core/domain/decide-claim.ts'

/** Where the licensee enters records, told by his name servers. */
export type ProviderHint = { readonly provider: string; readonly where: string }

type Row = ProviderHint & { readonly servers: readonly (string | RegExp)[] }

/** By the names of a provider's name servers. */
const ROWS: readonly Row[] = [
  {
    provider: 'Cloudflare',
    servers: ['ns.cloudflare.com'],
    where: 'Websites → the domain → DNS → Records; switch the proxy off (grey cloud, "DNS only").',
  },
  {
    provider: 'Amazon Route 53',
    servers: [/^ns-\d+\.awsdns-\d+\.(com|net|org|co\.uk)$/],
    where: 'Route 53 → Hosted zones → the domain → Create record.',
  },
  {
    provider: 'GoDaddy',
    servers: ['domaincontrol.com'],
    where: 'My Products → Domains → the domain → DNS → Add New Record.',
  },
  {
    provider: 'Namecheap',
    servers: ['registrar-servers.com', 'namecheaphosting.com'],
    where: 'Domain List → Manage → Advanced DNS → Add New Record.',
  },
  {
    provider: 'IONOS',
    servers: [/^ns\d+\.ui-dns\.(com|de|org|biz)$/],
    where: 'Domains & SSL → the domain → DNS → Add record.',
  },
  {
    provider: 'OVHcloud',
    servers: ['ovh.net', 'ovh.ca', 'anycast.me'],
    where: 'Web Cloud → Domain names → the domain → DNS zone → Add an entry.',
  },
  {
    provider: 'Squarespace (Google Domains)',
    servers: ['googledomains.com', 'squarespacedns.com'],
    where: 'Domains → the domain → DNS → DNS Settings → Custom records.',
  },
  {
    provider: 'Google Cloud DNS',
    servers: [/^ns-cloud-[a-e]\d\.googledomains\.com$/],
    where: 'Network services → Cloud DNS → the zone → Add standard.',
  },
  {
    provider: 'Hetzner',
    servers: ['ns.hetzner.com', 'ns.hetzner.de', /^(hydrogen|oxygen|helium)\.ns\.hetzner\./],
    where: 'DNS → the zone → Add record.',
  },
  { provider: 'Gandi', servers: ['gandi.net'], where: 'Domains → the domain → DNS Records → Add record.' },
  {
    provider: 'Azure DNS',
    servers: [/^ns\d-\d+\.azure-dns\.(com|net|org|info)$/],
    where: 'DNS zones → the zone → Recordsets → Add.',
  },
  {
    provider: 'DigitalOcean',
    servers: ['digitalocean.com'],
    where: 'Networking → Domains → the domain → Create new record.',
  },
  {
    provider: 'DNSimple',
    servers: ['dnsimple.com', 'dnsimple-edge.net'],
    where: 'Domains → the domain → DNS → Manage → Add.',
  },
  { provider: 'INWX', servers: ['inwx.de', 'inwx.eu', 'inwx.com'], where: 'Nameserver → the domain → Add record.' },
  { provider: 'Strato', servers: ['rzone.de'], where: 'Domains → the domain → DNS → Manage records.' },
  { provider: 'Netlify', servers: ['nsone.net'], where: 'Domains → the domain → DNS records → Add new record.' },
  { provider: 'Vercel', servers: ['vercel-dns.com'], where: 'Domains → the domain → DNS Records → Add.' },
  { provider: 'Wix', servers: ['wixdns.net'], where: 'Domains → the domain → Manage DNS Records → Add Record.' },
  { provider: 'Porkbun', servers: ['porkbun.com'], where: 'Domain Management → the domain → DNS → Add record.' },
]

/** The provider that most of the parent's name servers belong to; undefined for one we do not know. */
export function providerOf(nameServers: readonly string[]): ProviderHint | undefined {
  const matches = (row: Row, name: string): boolean =>
    row.servers.some((known) => (typeof known === 'string' ? name === known || isBelow(name, known) : known.test(name)))
  const [best] = ROWS.map((row) => {
    const count = nameServers.filter((name) => matches(row, name)).length
    // A pattern is more exact than the suffix it lies below.
    return { row, count, isExact: row.servers.some((known) => typeof known !== 'string') }
  })
    .filter(({ count }) => count * 2 > nameServers.length)
    .toSorted((a, b) => b.count - a.count || Number(b.isExact) - Number(a.isExact))
  return best === undefined ? undefined : { provider: best.row.provider, where: best.row.where }
}

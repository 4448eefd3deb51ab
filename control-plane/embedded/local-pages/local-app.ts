import { readFileSync } from 'node:fs'
import { type Context, Hono } from 'hono'
import { html } from 'hono/html'
import { framed, type Markup } from './frame.ts'
import { type MailSource, mailList, mailPage } from './mail-pages.ts'

const style = readFileSync(new URL('../../../shared/runtime/local-pages.css', import.meta.url), 'utf8')

const pagePolicy =
  "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

export type LocalFacts = {
  readonly vendorEmail: string
  readonly vendorKeyFile: string
  readonly stripeUrl: string
  readonly dnsPort: number
  /** Of the tenants' own product, when it is known. */
  readonly tenantsUrl: string
}

/** The pages for whoever runs the control plane on this machine: what is here, and the mails it sent. The name servers' page is given. */
export function createLocalApp(parts: {
  readonly mails: MailSource
  readonly facts: LocalFacts
  readonly dnsPage: Hono
}): Hono {
  const app = new Hono()
  app.use('/local/*', (c, next) => policed(c, next))
  app.use('/mail', (c, next) => policed(c, next))
  app.use('/mail/*', (c, next) => policed(c, next))
  app.get('/', async (c) => {
    c.header('content-security-policy', pagePolicy)
    return c.html(startPage(parts.facts))
  })
  app.get('/mail', async (c) => c.html(await mailList(parts.mails, c.req.query('after'))))
  app.get('/mail/:mailId', async (c) => {
    const found = await mailPage(parts.mails, c.req.param('mailId'))
    return found === undefined ? c.html(missing(), 404) : c.html(found)
  })
  app.get('/local/style.css', (c) =>
    c.body(style, 200, { 'content-type': 'text/css; charset=utf-8', 'cache-control': 'max-age=60' }),
  )
  app.route('/dns', parts.dnsPage)
  app.notFound((c) => c.html(missing(), 404))
  return app
}

async function policed(c: Context, next: () => Promise<void>): Promise<void> {
  await next()
  c.header('content-security-policy', pagePolicy)
  c.header('x-content-type-options', 'nosniff')
  c.header('referrer-policy', 'no-referrer')
}

function startPage(facts: LocalFacts): Markup {
  return framed({
    title: 'Start',
    place: '/',
    main: html`<h1>Sell a licence, make a tenant</h1>
<p class="lead">The whole control plane on this machine: its cloud is simulated, its Stripe takes test cards, its name server answers here.</p>
<ol class="steps">
<li><a href="/sign-in">Sign in</a> as ${facts.vendorEmail}: the link is in <a href="/mail">the mail</a>.</li>
<li>Add a licensee and his domain by the <a href="/v1/openapi.json">API</a> or the command line:
<pre class="wrap"><code>npm run convoke -- licensee add Acme --email pay@acme.example
npm run convoke -- tenant add invites.acme.example --licensee LICENSEE</code></pre></li>
<li>Pay at the local checkout page, whose card is 4242 4242 4242 4242.</li>
<li>Delegate the domain on the page of the <a href="/dns">name servers</a>.</li>
<li>See it go live: <code>npm run convoke -- tenant watch TENANT</code>. Its mail and pages are then at <a href="${facts.tenantsUrl}">${facts.tenantsUrl}</a>.</li>
</ol>
<dl class="facts"><dt>Stripe’s stand-in</dt><dd>${facts.stripeUrl}</dd><dt>Name server</dt><dd>127.0.0.1:${facts.dnsPort} by UDP and TCP</dd><dt>Vendor’s key</dt><dd>${facts.vendorKeyFile}</dd></dl>`,
  })
}

function missing(): Markup {
  return framed({
    title: 'There is no such page',
    place: '/',
    main: html`<h1>There is no such page</h1><p><a href="/">Back to the start</a></p>`,
  })
}
